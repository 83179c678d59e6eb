// Package libpf has the names that the Elasticsearch exporter's code for profiles is compiled with. None of it runs without profiles.
package libpf

// FileID would be the hash of an executable.
type FileID struct{ high, low uint64 }

// AddressOrLineno would be a place in an executable or a source file.
type AddressOrLineno uint64

// FrameType would be the language of a frame.
type FrameType byte

func NewFileID(high, low uint64) FileID { return FileID{high, low} }

func FileIDFromBytes([]byte) (FileID, error) { panic(absent) }

func FileIDFromString(string) (FileID, error) { panic(absent) }

func FrameTypeFromString(string) FrameType { panic(absent) }

func (FileID) Base64() string { panic(absent) }

func (FileID) Bytes() []byte { panic(absent) }

func (f FileID) IsZero() bool { return f == FileID{} }

const absent = "this collector was built without profiles"

// Package xsync has a lock that guards one value.
package xsync

import "sync"

// RWMutex guards a value, which only WLock gives.
type RWMutex[T any] struct {
	mutex sync.Mutex
	value T
}

// NewRWMutex guards a value from now on.
func NewRWMutex[T any](value T) RWMutex[T] { return RWMutex[T]{value: value} }

// WLock gives the value to the caller alone, until WUnlock.
func (m *RWMutex[T]) WLock() *T {
	m.mutex.Lock()
	return &m.value
}

// WUnlock takes the value back.
func (m *RWMutex[T]) WUnlock(value **T) {
	*value = nil
	m.mutex.Unlock()
}

"""Reads the two file formats that the benchmark needs, with nothing but torch."""

import json
import struct

import torch

# TensorProto's data types (onnx.proto3) and safetensors' names for the same.
_ONNX_TYPES = {1: torch.float32, 7: torch.int64}
_SAFETENSORS_TYPES = {"F32": torch.float32, "F64": torch.float64, "I64": torch.int64}


def _varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _fields(data):
    """The fields of a protobuf message: their numbers and values."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        wire = key & 7
        if wire == 0:
            value, at = _varint(data, at)
        elif wire == 2:
            length, at = _varint(data, at)
            value, at = data[at : at + length], at + length
        elif wire in (1, 5):
            length = 8 if wire == 1 else 4
            value, at = data[at : at + length], at + length
        else:
            raise ValueError(f"protobuf: expected wire type 0, 1, 2 or 5, found {wire}")
        yield key >> 3, value


def _texts(message, number):
    return [bytes(value).decode() for field, value in _fields(message) if field == number]


def _dims(message):
    dims = []
    for field, value in _fields(message):
        if field == 1 and isinstance(value, int):
            dims.append(value)
        elif field == 1:  # Packed.
            at = 0
            while at < len(value):
                dim, at = _varint(value, at)
                dims.append(dim)
    return dims


def _initializer(message):
    values = dict(_fields(message))
    if values.get(2) not in _ONNX_TYPES or 9 not in values:
        return None  # None of those that are weights.
    tensor = torch.frombuffer(bytearray(values[9]), dtype=_ONNX_TYPES[values[2]])
    return bytes(values[8]).decode(), tensor.reshape(_dims(message))


def onnx_weights(path):
    """The weights of a model that was exported from PyTorch, by the names of its modules.

    Matrices of MatMul nodes have lost their names; their nodes have kept them:
    /encoder/layer.0/output/dense/MatMul holds the transposed encoder.layer.0.output.dense.weight.
    """
    with open(path, "rb") as file:
        model = memoryview(file.read())
    graph = next(value for field, value in _fields(model) if field == 7)
    initializers = {}
    nodes = []
    for field, value in _fields(graph):
        if field == 5:
            found = _initializer(value)
            if found:
                initializers[found[0]] = found[1]
        elif field == 1:
            nodes.append(value)
    weights = dict(initializers)
    for node in nodes:
        name = "".join(_texts(node, 3))
        if _texts(node, 4) == ["MatMul"] and _texts(node, 1)[1] in initializers:
            module = name.removesuffix("/MatMul").strip("/").replace("/", ".")
            weights[module + ".weight"] = initializers[_texts(node, 1)[1]].t().contiguous()
    return weights


def safetensors(path):
    """The tensors of a safetensors file by name."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            dtype = _SAFETENSORS_TYPES[entry["dtype"]]
            tensor = torch.frombuffer(bytearray(data[begin:end]), dtype=dtype)
            tensors[name] = tensor.reshape(entry["shape"])
    return tensors

"""Prints the fingerprints that RandomModelTest pins: the random model written once more, in numpy."""

import hashlib

import numpy as np

GAMMA = np.uint64(0x9E3779B97F4A7C15)
HIDDEN, LAYERS, ROWS, FFN, QKV = 64, 2, 1000, 96, 128
CONFIG = (
    '{"family":"qwen2","hiddenSize":64,"layers":2,"heads":4,"kvHeads":2,"headDim":16,"ffnSize":96,'
    '"vocabularyRows":1000,"maxPositions":512,"rmsNormEpsilon":1.0E-6,"ropeTheta":10000.0,"qkvBias":true,'
    '"qkNorm":false,"tiedEmbeddings":true,"dynamicNtk":false,"lognAttention":false,"trainedLength":512}'
)


def mix(z):
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def seed(name):
    h = np.array([GAMMA])
    for b in name.encode():
        h = mix(h + np.uint64(b))
    return h


def values(name, rows, columns, centre, amplitude):
    bits = mix(seed(name) + np.arange(rows * columns, dtype=np.uint64) * GAMMA).view(np.int64)
    unit = (bits >> 40).astype(np.float32) * np.float32(2**-23)
    return (np.float32(centre) + np.float32(amplitude) * unit).reshape(rows, columns)


def weights():
    """(values, linear or not); vectors have one column."""
    vector = lambda name, n: (values(name, n, 1, int("norm." in name), 0.1), False)
    linear = lambda name, out, inputs: (values(name, out, inputs, 0, np.sqrt(3.0 / inputs)), True)
    embedding = values("embed.weight", ROWS, HIDDEN, 0, 1.5 * np.sqrt(3.0 / HIDDEN))
    yield embedding, False
    for n in range(LAYERS):
        layer = f"layers.{n}."
        yield vector(layer + "attention_norm.weight", HIDDEN)
        yield linear(layer + "qkv.weight", QKV, HIDDEN)
        yield vector(layer + "qkv.bias", QKV)
        yield linear(layer + "output.weight", HIDDEN, 64)
        yield vector(layer + "mlp_norm.weight", HIDDEN)
        yield linear(layer + "gate_up.weight", 2 * FFN, HIDDEN)
        yield linear(layer + "down.weight", HIDDEN, FFN)
    yield vector("norm.weight", HIDDEN)
    yield embedding, True


def blocks(weight):
    """4 bits: (q - 8) * scale, the value of largest magnitude being -8; the earlier value in the low half."""
    padded = np.pad(weight, ((0, 0), (0, -weight.shape[1] % 32))).reshape(len(weight), -1, 32)
    extreme = np.take_along_axis(padded, np.abs(padded).argmax(2)[..., None], 2)
    scale = extreme / np.float32(-8)
    q = np.clip(np.rint(padded.astype(np.float64) / scale.astype(np.float64)) + 8, 0, 15).astype(np.uint8)
    yield q[..., 0::2] | q[..., 1::2] << 4
    yield scale


def stored(weight, linear, precision):
    if weight.shape[1] == 1 or precision == "FP32":
        yield weight.T if linear else weight
        return
    if precision == "INT4" and linear and len(weight) != ROWS:
        yield from blocks(weight)
        return
    scale = np.abs(weight).max(1) / np.float32(127)
    quantised = np.rint(weight.astype(np.float64) / scale[:, None].astype(np.float64)).astype(np.int8)
    yield quantised.T if linear else quantised
    yield scale


for precision in ("FP32", "INT8", "INT4"):
    data = b""
    for weight, linear in weights():
        for tensor in stored(weight, linear, precision):
            data += np.ascontiguousarray(tensor).tobytes()
            data += bytes(-len(data) % 4096)
    print(precision, hashlib.sha256(f"{CONFIG}\n{precision}\n".encode() + data).hexdigest())

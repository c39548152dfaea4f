"""The inner loop of the lab's products of matrices, assembled for WebAssembly while the site is built.

Plain JavaScript multiplies one pair of numbers at a time; WebAssembly has vectors of two float64 in every browser since
2023, and the same sums take a fifth of the time. The module has one function, ``block(a, b, k, out, stride)``, all of
them addresses and lengths in its imported memory ``lab.memory`` (in bytes, k counts): the 4 × 4 numbers at ``out``,
whose rows are ``stride`` bytes apart, become the sum over p < k of ``a[p, i] * b[p, j]``, where a and b hold four
float64 for each p. `labNumerics` lays matrices out in such panels.

Newer browsers multiply and add in one instruction where the processor has it (relaxed vectors: Chromium since 2023),
which halves the time once more. What a browser does not know it refuses as a whole, so that there is a module for each.
"""

from __future__ import annotations

from itertools import chain

ROWS, VECTORS = 4, 2  # of a block; 8 sums, 2 vectors of b and one of a fit the 16 registers of a processor
PAIR, NUMBER = 16, 8  # bytes

# Opcodes, of the WebAssembly core specification 2.0, section 5.4; those of vectors follow the prefix 0xfd
LOOP, END, BRANCH_IF, GET, SET, TEE, CONST, ADD, SUB = 0x03, 0x0B, 0x0D, 0x20, 0x21, 0x22, 0x41, 0x6A, 0x6B
LOAD, LOAD_SPLAT, STORE, ADD_PAIRS, MULTIPLY_PAIRS = 0x00, 0x0A, 0x0B, 0xF0, 0xF2
MULTIPLY_ADD = 0x107  # f64x2.relaxed_madd of version 3.0: x y + z, rounded once or twice
I32, V128, FUNCTION, NOTHING = 0x7F, 0x7B, 0x60, 0x40
TYPES, IMPORTS, FUNCTIONS, EXPORTS, CODE = 1, 2, 3, 7, 10  # sections


def module(fused: bool = False) -> bytes:
    """The assembled module, with sums and products in one instruction or in two.

    >>> module()[:4]
    b'\\x00asm'
    """
    kind = [FUNCTION, *vector([[I32]] * 5), *vector([])]
    memory = [*name("lab"), *name("memory"), 2, 0, *number(1)]  # of at least one page
    body = [*vector([[*number(ROWS * VECTORS + VECTORS + 1), V128]]), *block(fused), END]
    sections = {
        TYPES: [kind],
        IMPORTS: [memory],
        FUNCTIONS: [[0]],
        EXPORTS: [[*name("block"), 0, 0]],
        CODE: [[*number(len(body)), *body]],
    }
    parts = [[section, *number(len(vector(rows))), *vector(rows)] for section, rows in sections.items()]
    return b"\x00asm\x01\x00\x00\x00" + b"".join(map(bytes, parts))


def block(fused: bool) -> list[int]:
    a, b, k, out, stride = range(5)  # the parameters are the first locals
    sums = [[5 + VECTORS * i + j for j in range(VECTORS)] for i in range(ROWS)]
    pairs = [5 + ROWS * VECTORS + j for j in range(VECTORS)]
    factor = pairs[-1] + 1

    code = [LOOP, NOTHING]
    for j, pair in enumerate(pairs):
        code += [GET, b, *vectored(LOAD, j * PAIR), SET, pair]
    for i, row in enumerate(sums):
        code += [GET, a, *vectored(LOAD_SPLAT, i * NUMBER), SET, factor]
        for total, pair in zip(row, pairs):
            product, last = [GET, factor, GET, pair], [GET, total]
            if fused:
                code += [*product, *last, *vectored(MULTIPLY_ADD), SET, total]
            else:
                code += [*product, *vectored(MULTIPLY_PAIRS), *last, *vectored(ADD_PAIRS), SET, total]
    code += [GET, a, CONST, ROWS * NUMBER, ADD, SET, a, GET, b, CONST, VECTORS * PAIR, ADD, SET, b]
    code += [GET, k, CONST, 1, SUB, TEE, k, BRANCH_IF, 0, END]
    for row in sums:
        for j, total in enumerate(row):
            code += [GET, out, GET, total, *vectored(STORE, j * PAIR)]
        code += [GET, out, GET, stride, ADD, SET, out]
    return code


def vectored(opcode: int, offset: int | None = None) -> list[int]:
    """An instruction on vectors; with an offset, one on memory aligned to a float64."""
    return [0xFD, *number(opcode), *([] if offset is None else [3, *number(offset)])]


def vector(rows: list[list[int]]) -> list[int]:
    return [*number(len(rows)), *chain.from_iterable(rows)]


def name(text: str) -> list[int]:
    return vector([[letter] for letter in text.encode()])


def number(value: int) -> list[int]:
    """An unsigned number in LEB128.

    >>> number(242)
    [242, 1]
    """
    return [value & 0x7F | 0x80, *number(value >> 7)] if value > 0x7F else [value]

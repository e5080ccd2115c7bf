"""X-Wing (draft-connolly-cfrg-xwing-kem): ML-KEM-768 (FIPS 203) and X25519 (RFC 7748). Slow, and for known
answers alone."""
from functools import cache
from hashlib import sha3_256, sha3_512, shake_128, shake_256

Q, K, N = 3329, 3, 256
EK_BYTES, CT_BYTES = 1216, 1120


def _reversed7(n):
    return int(f"{n:07b}"[::-1], 2)


ZETAS = [pow(17, _reversed7(n), Q) for n in range(128)]
GAMMAS = [pow(17, 2 * _reversed7(n) + 1, Q) for n in range(128)]


def _ntt(f):
    f, at, length = list(f), 1, 128
    while length >= 2:
        for start in range(0, N, 2 * length):
            zeta = ZETAS[at]
            at += 1
            for j in range(start, start + length):
                t = zeta * f[j + length] % Q
                f[j + length], f[j] = (f[j] - t) % Q, (f[j] + t) % Q
        length //= 2
    return f


def _inverse_ntt(f):
    f, at, length = list(f), 127, 2
    while length <= 128:
        for start in range(0, N, 2 * length):
            zeta = ZETAS[at]
            at -= 1
            for j in range(start, start + length):
                t = f[j]
                f[j] = (t + f[j + length]) % Q
                f[j + length] = zeta * (f[j + length] - t) % Q
        length *= 2
    return [x * 3303 % Q for x in f]


def _product(f, g):
    out = [0] * N
    for i in range(128):
        a, b, c, d = f[2 * i], f[2 * i + 1], g[2 * i], g[2 * i + 1]
        out[2 * i] = (a * c + b * d * GAMMAS[i]) % Q
        out[2 * i + 1] = (a * d + b * c) % Q
    return out


def _sum(*polynomials):
    return [sum(each) % Q for each in zip(*polynomials)]


def _dot(f, g):
    return _sum(*(_product(a, b) for a, b in zip(f, g)))


def _bits(content):
    return [byte >> at & 1 for byte in content for at in range(8)]


def _pack(values, width):
    total = sum(value << at * width for at, value in enumerate(values))
    return total.to_bytes(len(values) * width // 8, "little")


def _unpack(content, width):
    total = int.from_bytes(content, "little")
    return [total >> at * width & (1 << width) - 1 for at in range(len(content) * 8 // width)]


def _compress(f, width):
    return [((x << width + 1) + Q) // (2 * Q) % (1 << width) for x in f]


def _decompress(f, width):
    return [(x * Q * 2 + (1 << width)) >> width + 1 for x in f]


@cache
def _uniform(rho, i, j):
    stream, out = shake_128(rho + bytes([j, i])).digest(1536), []
    for at in range(0, len(stream), 3):
        a, b, c = stream[at:at + 3]
        out += [x for x in (a | (b & 15) << 8, b >> 4 | c << 4) if x < Q]
    return out[:N]


def _matrix(rho):
    return [[_uniform(rho, i, j) for j in range(K)] for i in range(K)]


def _noise(seed, number):
    b = _bits(shake_256(seed + bytes([number])).digest(128))
    return [(b[4 * i] + b[4 * i + 1] - b[4 * i + 2] - b[4 * i + 3]) % Q for i in range(N)]


def _kem_keys(d, z):
    expanded = sha3_512(d + bytes([K])).digest()
    rho, sigma = expanded[:32], expanded[32:]
    s = [_ntt(_noise(sigma, n)) for n in range(K)]
    e = [_ntt(_noise(sigma, K + n)) for n in range(K)]
    t = [_sum(_dot(row, s), error) for row, error in zip(_matrix(rho), e)]
    return b"".join(_pack(f, 12) for f in t) + rho, s, z


def _encrypt(ek, message, randomness):
    t, rho = [_unpack(ek[384 * n:384 * n + 384], 12) for n in range(K)], ek[1152:]
    a = _matrix(rho)
    y = [_ntt(_noise(randomness, n)) for n in range(K)]
    e1 = [_noise(randomness, K + n) for n in range(K)]
    u = [_sum(_inverse_ntt(_dot([a[i][j] for i in range(K)], y)), e1[j]) for j in range(K)]
    v = _sum(_inverse_ntt(_dot(t, y)), _noise(randomness, 2 * K), _decompress(_bits(message), 1))
    return b"".join(_pack(_compress(f, 10), 10) for f in u) + _pack(_compress(v, 4), 4)


def _kem_encapsulate(ek, message):
    expanded = sha3_512(message + sha3_256(ek).digest()).digest()
    return _encrypt(ek, message, expanded[32:]), expanded[:32]


def _kem_decapsulate(ek, s, z, ciphertext):
    u = [_decompress(_unpack(ciphertext[320 * n:320 * n + 320], 10), 10) for n in range(K)]
    v = _decompress(_unpack(ciphertext[960:], 4), 4)
    inner = _inverse_ntt(_dot(s, [_ntt(f) for f in u]))
    message = _pack(_compress([(a - b) % Q for a, b in zip(v, inner)], 1), 1)
    again, secret = _kem_encapsulate(ek, message)
    return secret if again == ciphertext else shake_256(z + ciphertext).digest(32)


def _x25519(scalar, u):
    k = int.from_bytes(scalar, "little") & ~(1 << 255 | 7) | 1 << 254
    p, x1 = 2**255 - 19, int.from_bytes(u, "little") & (1 << 255) - 1
    x2, z2, x3, z3, swap = 1, 0, x1, 1, 0
    for t in range(254, -1, -1):
        bit = k >> t & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        da, cb, aa, bb = d * a % p, c * b % p, a * a % p, b * b % p
        x3, z3 = (da + cb) ** 2 % p, x1 * (da - cb) ** 2 % p
        x2, z2 = aa * bb % p, (aa - bb) * (aa + 121665 * (aa - bb)) % p
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, p - 2, p) % p).to_bytes(32, "little")


NINE = (9).to_bytes(32, "little")


def _combine(ss_m, ss_x, ct_x, pk_x):
    return sha3_256(ss_m + ss_x + ct_x + pk_x + b"\\.//^\\").digest()


class Key:
    """A key pair, from a seed of 32 bytes."""

    def __init__(self, seed):
        expanded = shake_256(seed).digest(96)
        self._ek_m, self._s, self._z = _kem_keys(expanded[:32], expanded[32:64])
        self._x = expanded[64:]
        self._pk_x = _x25519(self._x, NINE)
        self.ek = self._ek_m + self._pk_x

    @cache
    def decapsulate(self, ciphertext):
        ct_m, ct_x = ciphertext[:1088], ciphertext[1088:]
        ss_m = _kem_decapsulate(self._ek_m, self._s, self._z, ct_m)
        return _combine(ss_m, _x25519(self._x, ct_x), ct_x, self._pk_x)


@cache
def encapsulate(ek, randomness):
    """Ciphertext and secret, from 64 bytes of randomness."""
    pk_x = ek[1184:]
    ct_m, ss_m = _kem_encapsulate(ek[:1184], randomness[:32])
    ct_x = _x25519(randomness[32:], NINE)
    return ct_m + ct_x, _combine(ss_m, _x25519(randomness[32:], pk_x), ct_x, pk_x)


def is_key(ek):
    """1216 bytes whose first 1152 are numbers below q."""
    return len(ek) == EK_BYTES and all(x < Q for x in _unpack(ek[:1152], 12))

"""RFC 9496: ristretto255 over the twisted Edwards curve of RFC 8032. Slow, and for known answers alone."""
from functools import cache

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


def _is_negative(x):
    return x % P & 1


def _abs(x):
    x %= P
    return P - x if x & 1 else x


def _sqrt_ratio(u, v):
    """Whether u/v is a square, and a root of it, or of SQRT_M1 times it."""
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * r * r % P
    flipped = check == -u % P
    if flipped or check == -u * SQRT_M1 % P:
        r = r * SQRT_M1 % P
    return check == u % P or flipped, _abs(r)


INVSQRT_A_MINUS_D = _sqrt_ratio(1, (-1 - D) % P)[1]
IDENTITY = (0, 1, 1, 0)


def add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    m, n = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = t1 * 2 * D * t2 % P, z1 * 2 * z2 % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def negate(a):
    x, y, z, t = a
    return -x % P, y, z, -t % P


@cache
def multiply(scalar, point):
    out = IDENTITY
    for bit in bin(scalar % L)[2:]:
        out = add(out, out)
        if bit == "1":
            out = add(out, point)
    return out


@cache
def decode(encoded):
    """The point, or None where the encoding is not canonical."""
    s = int.from_bytes(encoded, "little")
    if s >= P or _is_negative(s):
        return None
    ss = s * s % P
    u1, u2 = (1 - ss) % P, (1 + ss) % P
    v = (-D * u1 * u1 - u2 * u2) % P
    square, inverse = _sqrt_ratio(1, v * u2 * u2 % P)
    den_x, den_y = inverse * u2 % P, inverse * inverse * u2 * v % P
    x, y = _abs(2 * s * den_x), u1 * den_y % P
    t = x * y % P
    if not square or _is_negative(t) or y == 0:
        return None
    return x, y, 1, t


def encode(point):
    x0, y0, z0, t0 = point
    u1, u2 = (z0 + y0) * (z0 - y0) % P, x0 * y0 % P
    _, inverse = _sqrt_ratio(1, u1 * u2 * u2 % P)
    den1, den2 = inverse * u1 % P, inverse * u2 % P
    z_inverse = den1 * den2 * t0 % P
    x, y, den = x0, y0, den2
    if _is_negative(t0 * z_inverse):
        x, y, den = y0 * SQRT_M1 % P, x0 * SQRT_M1 % P, den1 * INVSQRT_A_MINUS_D % P
    if _is_negative(x * z_inverse):
        y = -y % P
    return _abs(den * (z0 - y)).to_bytes(32, "little")


BASE = decode(bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"))


def wide(content):
    """64 bytes reduced to a scalar."""
    return int.from_bytes(content, "little") % L


def scalar_bytes(scalar):
    return (scalar % L).to_bytes(32, "little")


def read_scalar(content):
    """The scalar, or None where the encoding is not canonical."""
    scalar = int.from_bytes(content, "little")
    return scalar if scalar < L else None

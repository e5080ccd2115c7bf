"""p = 2^61 - 1, power sums, and the lane that has them."""

P = 2**61 - 1


def power_sums(tags):
    return [sum(pow(tag, k, P) for tag in tags) % P for k in range(1, len(tags) + 1)]


def polynomial(sums):
    """Newton's identities: coefficients by ascending power, without the leading 1."""
    signed = [1]
    for k in range(1, len(sums) + 1):
        total = sum(signed[k - i] * sums[i - 1] for i in range(1, k + 1))
        signed.append(-total * pow(k, -1, P) % P)
    return signed[:0:-1]


def _product(a, b, f):
    """a * b modulo the monic polynomial of f, all by ascending power."""
    n = len(f)
    out = [0] * (2 * n - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            out[i + j] += x * y
    for top in range(2 * n - 2, n - 1, -1):
        lead = out[top] % P
        for j in range(n):
            out[top - n + j] -= lead * f[j]
    return [c % P for c in out[:n]]


def _power_of_shifted(shift, exponent, f):
    """(x + shift)^exponent modulo f, whose degree is at least 2."""
    base = [shift, 1] + [0] * (len(f) - 2)
    out = [1] + [0] * (len(f) - 1)
    for bit in bin(exponent)[2:]:
        out = _product(out, out, f)
        if bit == "1":
            out = _product(out, base, f)
    return out


def is_good(sums):
    """Whether there are N distinct nonzero roots in the field: x^p = x modulo f, and f(0) is not 0."""
    f = polynomial(sums)
    if len(f) == 1:
        return f[0] != 0
    return _power_of_shifted(0, P, f) == [0, 1] + [0] * (len(f) - 2) and f[0] != 0


def _monic(value):
    while value and value[-1] == 0:
        value = value[:-1]
    return [c * pow(value[-1], -1, P) % P for c in value] if value else []


def _remainder(a, b):
    a = list(a)
    while len(a) >= len(b):
        lead = a.pop()
        for j in range(len(b) - 1):
            a[len(a) - len(b) + 1 + j] = (a[len(a) - len(b) + 1 + j] - lead * b[j]) % P
    return _monic(a)


def _gcd(a, b):
    while b:
        a, b = b, _remainder(a, b)
    return a


def _quotient(a, b):
    a, out = list(a), []
    while len(a) >= len(b):
        lead = a[-1]
        out.append(lead)
        for j in range(len(b)):
            a[len(a) - len(b) + j] = (a[len(a) - len(b) + j] - lead * b[j]) % P
        a.pop()
    return out[::-1]


def roots(sums):
    """The N roots, ascending, or None where the lane is bad. Cantor and Zassenhaus with shifts 1, 2, ..."""
    if not is_good(sums):
        return None
    found, open_factors, shift = [], [polynomial(sums) + [1]], 0
    while open_factors:
        f = open_factors.pop()
        if len(f) == 2:
            found.append(-f[0] % P)
            continue
        shift += 1
        h = _power_of_shifted(shift, (P - 1) // 2, f[:-1])
        part = _gcd(f, _monic([(h[0] - 1) % P] + h[1:]))
        split = 1 < len(part) < len(f)
        open_factors += [part, _quotient(f, part)] if split else [f]
    return sorted(found)

//! Inputs that once showed a fault, each named by it.

//! What the process asks of the system before it holds a secret.
//! Must never fail the start: a system that cannot do it is said to be one in the threat model.

/// Memory with keys in it must not end in a core dump.
pub fn forbid_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        // A system that refuses even this leaves the limit where its owner put it.
        let _ = setrlimit(Resource::Core, none);
    }
}

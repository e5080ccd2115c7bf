//! One folder names the MLS library, so that one folder can replace it.

use super::Fault;
use super::source::Tree;
use super::token::Kind;

pub const MLS_FOLDER: &str = "crates/participant/src/mls/";

pub fn faults(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for source in tree
        .sources
        .iter()
        .filter(|source| !source.path.starts_with(MLS_FOLDER))
    {
        let names_it = |text: &str| text == "openmls" || text.starts_with("openmls_");
        let code = source.code();
        let mut words = code.iter().filter(|token| token.kind == Kind::Word);
        if let Some(token) = words.find(|token| names_it(&token.text)) {
            let what = format!("only {MLS_FOLDER} names `{}`", token.text);
            faults.push(Fault::new(&source.path, token.line, what));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::source::tests::tree;
    use super::*;

    #[test]
    fn a_second_file_that_names_the_library_is_a_fault() {
        let text = "use openmls::prelude::MlsGroup;";
        let inside = format!("{MLS_FOLDER}group.rs");
        assert_eq!(faults(&tree(&[(&inside, text)])), []);
        assert_eq!(
            faults(&tree(&[("crates/participant/src/step.rs", text)])).len(),
            1
        );
        let provider = "fn f() -> openmls_libcrux_crypto::Provider {}";
        assert_eq!(
            faults(&tree(&[("crates/node/src/lib.rs", provider)])).len(),
            1
        );
    }

    #[test]
    fn a_comment_may_name_it() {
        assert_eq!(
            faults(&tree(&[("crates/room/src/lib.rs", "// as openmls does")])),
            []
        );
    }
}

//! A relay that is not the one in the invitation: another key at the same address.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use browser::{Browser, Window};

use crate::{
    dialogue::{CONVENOR, SIDES, TITLE, make_vault, take_seat},
    program::{Program, folder},
};

struct Relay {
    child: Child,
    address: String,
    secret: String,
}

impl Relay {
    fn start(listen: &str, data: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tracktwo"))
            .args(["relay", "--listen", listen, "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut after = |name: &str| {
            let line = lines
                .next()
                .expect("the relay says how to reach it")
                .unwrap();
            line.strip_prefix(name)
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        let address = after("address:");
        after("fingerprint:");
        let secret = after("creation secret:");
        Self {
            child,
            address,
            secret,
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_relay_with_another_key_is_named_and_told_nothing() {
    let folder = folder();
    let browser = Browser::open(&Window::default());
    let relay = Relay::start("127.0.0.1:0", &folder.path().join("one"));
    let program = Program::start(folder.path(), CONVENOR);
    make_vault(&browser, &program);
    browser.press("Convene");
    browser.reads("Open a dialogue");
    browser.fill("#title", TITLE);
    browser.fill("#side-0", SIDES[0]);
    browser.fill("#side-1", SIDES[1]);
    browser.fill("#name", CONVENOR);
    browser.choose("input[value=there]");
    browser.press("Addresses");
    browser.fill("#address", &relay.address);
    browser.fill("#secret", &relay.secret);
    browser.press("Open the dialogue");
    take_seat(&browser);
    browser.reads_not("cannot be reached");
    let listen = relay.address.split('#').next().unwrap().to_owned();
    drop(relay);
    let _other = Relay::start(&listen, &folder.path().join("other"));
    browser.reads("The relay is not the one in your invitation. Nothing was sent to it.");
}

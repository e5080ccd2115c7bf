//! To whom a node speaks: its relay and its own page, and nobody else. Watched from outside, by strace.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
};

use browser::{Browser, Window};

use crate::{
    dialogue::{ask_to_join, enter, invitation, make_vault, say, seat, table_of},
    program::{Program, folder},
};

/// A tracer that ends with the test.
struct Tracer(Child);

impl Tracer {
    /// Watches every network call of a program, threads and all.
    fn on(program: &Program, notes: &Path) -> Self {
        let watched = Command::new("strace")
            .args(["-f", "-e", "trace=connect,bind,listen,sendto,sendmsg", "-o"])
            .arg(notes)
            .args(["-p", &program.pid().to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("strace is installed: apt-get install strace");
        let mut tracer = Self(watched);
        tracer.attached();
        tracer
    }

    /// It says so once it is there.
    fn attached(&mut self) {
        use std::io::{BufRead, BufReader};
        let said = self.0.stderr.take().unwrap();
        let mut lines = BufReader::new(said).lines();
        let first = lines.next().expect("strace says that it is there").unwrap();
        assert!(first.contains("attached"), "{first}");
        // What it says later must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

#[test]
fn a_node_speaks_to_its_relay_and_its_own_page_only() {
    let folder = folder();
    let browser = Browser::open(&Window::default());
    let programs = table_of(&browser, folder.path(), &["Ilse Marant"]);
    let text = invitation(&browser, &programs[0], 0);
    let program = Program::start(folder.path(), "Runa Feld");
    let notes = folder.path().join("calls");
    let tracer = Tracer::on(&program, &notes);
    make_vault(&browser, &program);
    ask_to_join(&browser, &program, &text);
    seat(&browser, &programs[0], Some(&programs[1]), &program);
    program.page(&browser, "/waiting");
    enter(&browser);
    say(&browser, "Good morning.");
    programs[1].page(&browser, "/table");
    browser.reads("Good morning.");
    drop(program);
    drop(tracer);

    programs[0].page(&browser, "/settings");
    let relay_port = browser.text("main").split("127.0.0.1:").nth(1).map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits
    });
    let relay_port = relay_port.expect("the settings name the relay");
    let calls = fs::read_to_string(&notes).unwrap();
    let of = |name: &str| -> Vec<String> {
        let calls = calls
            .lines()
            .filter(|line| line.contains(&format!(" {name}(")));
        calls.map(str::to_owned).collect()
    };
    let connects = of("connect");
    assert!(!connects.is_empty(), "it did speak to its relay");
    for call in &connects {
        let to_relay = call.contains(&format!("htons({relay_port})")) && call.contains("127.0.0.1");
        assert!(to_relay, "a connection to somebody else: {call}");
    }
    // It was listening for its own page before; nothing is added while it works.
    let listens = [of("bind"), of("listen")].concat();
    assert_eq!(listens, [""; 0], "it listens for its own page only");
    for call in of("sendto").iter().chain(&of("sendmsg")) {
        assert!(
            !call.contains("sin_port") && !call.contains("sin6_port"),
            "{call}"
        );
    }
}

#[test]
fn two_programs_on_one_machine_leave_each_other_in_peace() {
    let folder = folder();
    let browser = Browser::open(&Window::default());
    let programs = table_of(&browser, folder.path(), &["Ilse Marant", "Maren Skaal"]);
    for _ in 0..3 {
        for (program, side) in [(&programs[1], "Arvane"), (&programs[2], "Oskerry")] {
            program.page(&browser, "/caucus");
            browser.reads(&format!("Caucus of {side}"));
        }
    }
    programs[1].page(&browser, "/table");
    browser.press("Lock now");
    browser.reads("Your vault is closed");
    programs[2].page(&browser, "/table");
    browser.reads("Plenary");
}

#[test]
fn a_second_start_with_the_same_vault_opens_the_page_of_the_first() {
    let folder = folder();
    let browser = Browser::open(&Window::default());
    let first = Program::start(folder.path(), "Ilse Marant");
    make_vault(&browser, &first);
    let second = Program::start(folder.path(), "Ilse Marant");
    assert_eq!(second.address, first.address);
    let other = Browser::open(&Window::default());
    second.launch(&other);
    other.reads("Welcome");
}

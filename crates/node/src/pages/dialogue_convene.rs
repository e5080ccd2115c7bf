//! `POST /dialogue/convene`: opens a dialogue, with a relay on this computer if none is named.
//! Must never lose a word of the form: whatever is wrong, it comes back as it was typed.

use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    convene_show,
    desk::{RelayChoice, Wish},
    fields::Fields,
    refusals,
    visit::Visit,
};

/// Convenes.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let wish = match wish(&fields) {
        Ok(wish) => wish,
        Err(id) => {
            let why = visit.pen().say(id);
            return again(&visit, &fields, &why);
        }
    };
    match visit.wish(wish).await {
        Ok(()) => Redirect::to("/door").into_response(),
        Err(sorry) => {
            let why = refusals::sentence(visit.pen(), &sorry);
            again(&visit, &fields, &why)
        }
    }
}

fn again(visit: &Visit, fields: &Fields, why: &str) -> Response {
    let hosts = visit.site.desk.own_hosts();
    convene_show::sheet(visit.pen(), fields, &hosts, Some(why)).refused(visit.pen(), &visit.shown)
}

fn wish(fields: &Fields) -> Result<Wish, &'static str> {
    let trimmed = |name| fields.text(name).trim().to_owned();
    let sides: Vec<String> = fields
        .texts("side")
        .into_iter()
        .map(str::trim)
        .map(str::to_owned)
        .collect();
    let sides: Vec<String> = sides.into_iter().filter(|side| !side.is_empty()).collect();
    let mut different: Vec<String> = sides.iter().map(|side| side.to_lowercase()).collect();
    different.sort();
    different.dedup();
    if trimmed("title").is_empty() {
        return Err("sorry-no-title");
    }
    if sides.len() < room::limits::SIDES_MIN {
        return Err("sorry-two-sides");
    }
    if different.len() < sides.len() {
        return Err("sorry-sides-alike");
    }
    if trimmed("name").is_empty() {
        return Err("sorry-no-name");
    }
    Ok(Wish::Convene {
        title: trimmed("title"),
        sides,
        name: trimmed("name"),
        relay: relay(fields)?,
    })
}

/// What was typed, or the whole line as a relay prints it.
fn pasted<'a>(fields: &'a Fields, field: &str, label: &str) -> &'a str {
    let line = fields.text(field).trim();
    line.strip_prefix(label).unwrap_or(line).trim()
}

fn relay(fields: &Fields) -> Result<RelayChoice, &'static str> {
    if fields.text("relay") == "there" {
        let address = pasted(fields, "address", "address:").parse();
        let creation = pasted(fields, "secret", "creation secret:").parse();
        return Ok(RelayChoice::There {
            address: address.map_err(|_| "sorry-relay-address")?,
            creation: creation.map_err(|_| "sorry-relay-secret")?,
        });
    }
    let host = fields.text("host").trim().to_owned();
    if host.is_empty() || host.contains(|letter: char| letter.is_whitespace() || letter == '/') {
        return Err("sorry-relay-host");
    }
    let port = fields.number("port").ok_or("sorry-relay-port")?;
    Ok(RelayChoice::Here { host, port })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A relay prints each of them behind its name.
    #[test]
    fn what_a_relay_prints_is_understood_as_a_whole_line() {
        let address = format!("192.0.2.7:4433#{}", "a".repeat(52));
        let secret = wire::CreationSecret::new([7; 32]).to_text();
        let typed = |address: &str, secret: &str| {
            let there = Fields::default().with("relay", "there".to_owned());
            there
                .with("address", address.to_owned())
                .with("secret", secret.to_owned())
        };
        let parses = |fields: &Fields| relay(fields).map(|_| ());
        assert_eq!(parses(&typed(&address, &secret)), Ok(()));
        let (line, other) = (
            format!(" address: {address}\n"),
            format!("creation secret: {}", *secret),
        );
        assert_eq!(parses(&typed(&line, &other)), Ok(()));
        let wrong = parses(&typed(&other, &line));
        assert_eq!(wrong, Err("sorry-relay-address"));
    }
}

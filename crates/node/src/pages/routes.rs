//! Every address of the pages, and the file that answers it.

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};

use super::{
    assets, ballot_answer, ballot_ask, ballot_finish, ballot_open, ballot_withdraw, bloc_answer,
    bloc_vote, convene_show, dialogue_convene, dialogue_join, door_enter, door_show, ground_show,
    home_show, join_show, limits_show, live, lock, relay_announce, relay_lead, relay_show,
    relay_sure, result_show, round_ask, round_close, round_give_up, round_open, round_show,
    round_withdraw, round_write, rounds_show, seats_approve, seats_invitation, seats_invite,
    seats_leave, seats_remove, seats_show, seats_vouch, server::Site, settings_keep,
    settings_passphrase, settings_show, table_answer, table_say, table_show, table_take_back,
    text_drop, text_throw_away, typed, vault_create, vault_open, waiting_show, waiting_withdraw,
    words_confirm, words_show,
};

/// What answers while the vault is closed.
pub fn at_the_door() -> Router<Arc<Site>> {
    Router::new()
        .route("/", get(home_show::page))
        .route("/vault/create", post(vault_create::act))
        .route("/vault/open", post(vault_open::act))
        .route("/lock", post(lock::act))
        .route("/limits", get(limits_show::page))
        .route("/events/{page}", get(live::stream))
        .route("/htmx.js", get(assets::htmx))
}

/// What answers only while it is open.
pub fn inside() -> Router<Arc<Site>> {
    Router::new()
        .route("/convene", get(convene_show::page))
        .route("/dialogue/convene", post(dialogue_convene::act))
        .route("/join", get(join_show::page))
        .route("/dialogue/join", post(dialogue_join::act))
        .route("/waiting", get(waiting_show::page))
        .route("/waiting/withdraw", post(waiting_withdraw::act))
        .route("/door", get(door_show::page))
        .route("/door/enter", post(door_enter::act))
        .route("/words", get(words_show::page))
        .route("/words/confirm", post(words_confirm::act))
        .route(typed::PATH, post(typed::act))
        .route("/settings", get(settings_show::page))
        .route("/settings/keep", post(settings_keep::act))
        .route("/settings/passphrase", post(settings_passphrase::act))
        .route("/relay", get(relay_show::page))
        .route("/relay/announce", post(relay_announce::act))
        .route("/relay/sure", get(relay_sure::page))
        .route("/relay/lead", post(relay_lead::act))
        .merge(rooms())
        .merge(rounds())
        .merge(seats())
}

fn rooms() -> Router<Arc<Site>> {
    Router::new()
        .route("/table", get(table_show::plenary))
        .route("/table/say", post(table_say::plenary))
        .route("/table/take-back", post(table_take_back::plenary))
        .route("/table/answer", post(table_answer::plenary))
        .route("/caucus", get(table_show::caucus))
        .route("/caucus/say", post(table_say::caucus))
        .route("/caucus/take-back", post(table_take_back::caucus))
        .route("/caucus/answer", post(table_answer::caucus))
}

fn rounds() -> Router<Arc<Site>> {
    Router::new()
        .route("/round", get(round_show::page))
        .route("/round/ask", get(round_ask::page))
        .route("/round/open", post(round_open::act))
        .route("/round/write", post(round_write::act))
        .route("/round/withdraw", post(round_withdraw::act))
        .route("/round/drop", get(text_drop::page))
        .route("/round/throw-away", post(text_throw_away::act))
        .route("/round/close", post(round_close::act))
        .route("/round/give-up", post(round_give_up::act))
        .route("/ballot/ask", get(ballot_ask::page))
        .route("/ballot/open", post(ballot_open::act))
        .route("/ballot/answer", post(ballot_answer::act))
        .route("/ballot/finish", post(ballot_finish::act))
        .route("/ballot/withdraw", post(ballot_withdraw::act))
        .route("/bloc/vote", post(bloc_vote::act))
        .route("/bloc/answer", post(bloc_answer::act))
        .route("/ground", get(ground_show::newest))
        .route("/rounds", get(rounds_show::page))
        .route("/rounds/{number}", get(result_show::page))
}

fn seats() -> Router<Arc<Site>> {
    Router::new()
        .route("/seats", get(seats_show::page))
        .route("/seats/invite", post(seats_invite::act))
        .route("/seats/invitation", get(seats_invitation::file))
        .route("/seats/approve", post(seats_approve::act))
        .route("/seats/vouch", post(seats_vouch::act))
        .route("/seats/leave", get(seats_leave::page))
        .route("/seats/remove", post(seats_remove::act))
}

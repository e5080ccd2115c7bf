//! A vault that is opened, closed, and closes by itself.

use super::*;

const PASSPHRASE: &str = "a test is not a secret";
const MINUTE: Duration = Duration::from_secs(60);

fn safe(dir: &std::path::Path) -> Safe {
    let dir = dir.join("vault");
    Safe::new(dir.clone(), Hosting::new(&dir, None), Arc::new(|_| {}))
}

fn words(words: &str) -> Zeroizing<String> {
    Zeroizing::new(words.to_owned())
}

fn standing(safe: &Safe) -> Standing {
    safe.channels.now().standing
}

#[tokio::test]
async fn a_vault_is_made_closed_and_opened_again() {
    let dir = tempfile::tempdir().unwrap();
    let safe = safe(dir.path());
    assert_eq!(standing(&safe), Standing::NoVault);
    let short = safe.carry_out(Wish::Create(words("short"))).await;
    assert!(matches!(
        short,
        Err(Sorry::Vault(VaultError::ShortPassphrase))
    ));
    assert_eq!(standing(&safe), Standing::NoVault);
    safe.carry_out(Wish::Create(words(PASSPHRASE)))
        .await
        .unwrap();
    assert_eq!(standing(&safe), Standing::Open);
    safe.carry_out(Wish::Lock).await.unwrap();
    assert_eq!(standing(&safe), Standing::Locked);
    let locked = safe.command(Command::TakeSeat).await;
    assert!(matches!(locked, Err(Sorry::Locked)));
    for tries in 1..=2 {
        let wrong = safe.carry_out(Wish::Open(words("not this one"))).await;
        assert!(matches!(wrong, Err(Sorry::WrongPassphrase(counted)) if counted == tries));
    }
    safe.carry_out(Wish::Open(words(PASSPHRASE))).await.unwrap();
    assert_eq!(standing(&safe), Standing::Open);
    safe.close().await;
}

#[tokio::test]
async fn settings_outlive_a_lock() {
    let dir = tempfile::tempdir().unwrap();
    let safe = safe(dir.path());
    safe.carry_out(Wish::Create(words(PASSPHRASE)))
        .await
        .unwrap();
    let chosen = Settings {
        lock_after_minutes: None,
        at_the_door: true,
    };
    safe.carry_out(Wish::Keep(chosen.clone())).await.unwrap();
    assert_eq!(safe.channels.now().settings, chosen);
    safe.close().await;
    assert_ne!(
        safe.channels.now().settings,
        chosen,
        "closed, it shows none"
    );
    safe.carry_out(Wish::Open(words(PASSPHRASE))).await.unwrap();
    assert_eq!(safe.channels.now().settings, chosen);
    safe.close().await;
}

#[tokio::test]
async fn a_vault_closes_when_its_owner_has_been_away_for_as_long_as_they_chose() {
    let dir = tempfile::tempdir().unwrap();
    let safe = safe(dir.path());
    safe.carry_out(Wish::Create(words(PASSPHRASE)))
        .await
        .unwrap();
    let now = Instant::now();
    safe.close_if_alone(now + MINUTE * 29).await;
    assert_eq!(standing(&safe), Standing::Open);
    safe.close_if_alone(now + MINUTE * 31).await;
    assert_eq!(standing(&safe), Standing::Locked);
}

#[test]
fn a_vault_never_closes_by_itself_while_its_owner_writes_in_a_round() {
    let settings = Settings::default();
    assert!(closes_by_itself(&settings, false, MINUTE * 30));
    assert!(!closes_by_itself(&settings, true, MINUTE * 3_000));
    let never = Settings {
        lock_after_minutes: None,
        ..settings
    };
    assert!(!closes_by_itself(&never, false, MINUTE * 3_000));
}

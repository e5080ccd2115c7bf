//! The library's storage, captured row by row, so that a step's writes leave in one transaction.

use std::collections::BTreeMap;

use openmls::prelude::OpenMlsProvider;
use openmls_libcrux_crypto::Provider;
use zeroize::Zeroizing;

use super::MlsError;

/// A change of the library's storage: a key, and its new value or none.
pub type StoredChange = (Vec<u8>, Option<Zeroizing<Vec<u8>>>);

pub(super) fn new_provider() -> Result<Provider, MlsError> {
    Provider::new().map_err(|e| MlsError::of("provider", e))
}

pub(super) fn provider_with(rows: &BTreeMap<Vec<u8>, Vec<u8>>) -> Result<Provider, MlsError> {
    let provider = new_provider()?;
    let values = provider.storage().values.write();
    values
        .map_err(|e| MlsError::of("storage", e))?
        .extend(rows.iter().map(|(k, v)| (k.clone(), v.clone())));
    Ok(provider)
}

/// The difference between the library's storage and what was captured before, which it updates.
pub(super) fn capture(
    provider: &Provider,
    seen: &mut BTreeMap<Vec<u8>, Vec<u8>>,
) -> Result<Vec<StoredChange>, MlsError> {
    let values = provider
        .storage()
        .values
        .read()
        .map_err(|e| MlsError::of("storage", e))?;
    let gone: Vec<Vec<u8>> = seen
        .keys()
        .filter(|k| !values.contains_key(*k))
        .cloned()
        .collect();
    let mut changes: Vec<StoredChange> = Vec::new();
    for key in gone {
        seen.remove(&key);
        changes.push((key, None));
    }
    for (key, value) in values.iter() {
        if seen.get(key) != Some(value) {
            seen.insert(key.clone(), value.clone());
            changes.push((key.clone(), Some(Zeroizing::new(value.clone()))));
        }
    }
    // The library's map has no order of its own; a step's writes do.
    changes.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(changes)
}

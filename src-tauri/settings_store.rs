//! The settings in tauri's store. What is in its file is checked before the store opens it, and only this module
//! writes the file: the store itself would write over the old content, and a crash could leave neither.

use std::{collections::BTreeMap, io, path::Path, path::PathBuf, sync::Arc};

use serde_json::Value;
use tauri::{AppHandle, Wry};
use tauri_plugin_store::{Store, StoreExt};
use visavis_app::settings::{SETTINGS_FILE, Settings, save};

pub(crate) struct SettingsStore {
    data_dir: PathBuf,
    store: Arc<Store<Wry>>,
}

impl SettingsStore {
    /// Opens the store, whose file holds `settings`, or is not there.
    pub(crate) fn open(app: &AppHandle, data_dir: &Path, settings: &Settings) -> anyhow::Result<Self> {
        let store = app.store_builder(data_dir.join(SETTINGS_FILE)).disable_auto_save().build()?;
        // The plugin saves the stores that it knows when the app ends.
        store.close_resource();
        let opened = Self { data_dir: data_dir.to_owned(), store };
        opened.set(settings)?;
        Ok(opened)
    }

    /// Sets and saves. What a newer version of the app may have put beside these values stays.
    pub(crate) fn keep(&self, settings: &Settings) -> io::Result<()> {
        self.set(settings)?;
        let entries: BTreeMap<String, Value> = self.store.entries().into_iter().collect();
        save(&self.data_dir, &serde_json::to_vec_pretty(&entries)?)
    }

    fn set(&self, settings: &Settings) -> io::Result<()> {
        if let Value::Object(values) = serde_json::to_value(settings)? {
            values.into_iter().for_each(|(name, value)| self.store.set(name, value));
        }
        Ok(())
    }
}

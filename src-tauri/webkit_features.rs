//! Features of WebKit that are off by default. The functions for them are newer (2.42) than what the crate
//! `webkit2gtk` knows, and than some systems have: they are looked up while the program runs.
#![expect(unsafe_code, reason = "calls functions of a C library that no crate declares")]

use std::ffi::{CStr, c_char, c_int};

use libloading::os::unix::{Library, Symbol};
use webkit2gtk::{Settings, ffi::WebKitSettings, glib::translate::ToGlibPtr};

/// `WebKitFeatureList`, which only WebKit looks into.
#[repr(C)]
struct FeatureList {
    _private: [u8; 0],
}

/// `WebKitFeature`, likewise.
#[repr(C)]
struct Feature {
    _private: [u8; 0],
}

/// The functions of WebKitSettings.h and WebKitFeature.h, as declared there.
struct Functions {
    all: Symbol<unsafe extern "C" fn() -> *mut FeatureList>,
    length: Symbol<unsafe extern "C" fn(*mut FeatureList) -> usize>,
    get: Symbol<unsafe extern "C" fn(*mut FeatureList, usize) -> *mut Feature>,
    identifier: Symbol<unsafe extern "C" fn(*mut Feature) -> *const c_char>,
    set_enabled: Symbol<unsafe extern "C" fn(*mut WebKitSettings, *mut Feature, c_int)>,
    unref: Symbol<unsafe extern "C" fn(*mut FeatureList)>,
}

impl Functions {
    /// None if this WebKit is older.
    fn find(program: &Library) -> Option<Self> {
        // SAFETY: WebKit is linked into the program, and these are the types that its headers give the functions.
        unsafe {
            Some(Self {
                all: program.get(b"webkit_settings_get_all_features\0").ok()?,
                length: program.get(b"webkit_feature_list_get_length\0").ok()?,
                get: program.get(b"webkit_feature_list_get\0").ok()?,
                identifier: program.get(b"webkit_feature_get_identifier\0").ok()?,
                set_enabled: program.get(b"webkit_settings_set_feature_enabled\0").ok()?,
                unref: program.get(b"webkit_feature_list_unref\0").ok()?,
            })
        }
    }
}

/// Switches a feature on for pages from now on. False if this WebKit has none of that name.
pub(crate) fn enable(settings: &Settings, name: &str) -> bool {
    let program = Library::this();
    let Some(functions) = Functions::find(&program) else { return false };
    let mut found = false;
    // SAFETY: the list is ours until `unref`, its features live as long as it, and `settings` outlives the call.
    unsafe {
        let features = (functions.all)();
        for index in 0..(functions.length)(features) {
            let feature = (functions.get)(features, index);
            if CStr::from_ptr((functions.identifier)(feature)).to_bytes() == name.as_bytes() {
                (functions.set_enabled)(settings.to_glib_none().0, feature, 1);
                found = true;
            }
        }
        (functions.unref)(features);
    }
    found
}

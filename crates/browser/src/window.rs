//! What the page believes of its window, screen and reader: emulated, so that every width is exact.

use serde_json::json;

use crate::Browser;

/// A window, and how its person looks at pages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// In pixels of the screen.
    pub width: u32,
    /// In pixels of the screen.
    pub height: u32,
    /// Whether dark pages are preferred.
    pub dark: bool,
    /// Whether the page's own scripts run.
    pub scripts: bool,
    /// The zoom: at 2.0 a page has half the width for its words, and each is twice as large.
    pub scale: f64,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            width: 1280,
            height: 1400,
            dark: false,
            scripts: true,
            scale: 1.0,
        }
    }
}

impl Window {
    /// Width and height in CSS pixels.
    pub(crate) fn page(&self) -> [f64; 2] {
        [self.width, self.height].map(|pixels| (f64::from(pixels) / self.scale).round())
    }
}

impl Browser {
    /// Makes the browser look like `window` from now on. Whether scripts run is decided when a page
    /// is loaded: go somewhere, or refresh, after that has changed.
    #[track_caller]
    pub fn resize(&self, window: &Window) {
        let [width, height] = window.page();
        let metrics = json!({
            "width": width as u32,
            "height": height as u32,
            "screenWidth": width as u32,
            "screenHeight": height as u32,
            "deviceScaleFactor": window.scale,
            "mobile": false,
        });
        self.tool("Emulation.setDeviceMetricsOverride", &metrics);
        // A bar beside a long page would take its width from the words.
        self.tool("Emulation.setScrollbarsHidden", &json!({ "hidden": true }));
        let scheme = if window.dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.tool(
            "Emulation.setEmulatedMedia",
            &json!({ "features": features }),
        );
        self.allow_scripts(window.scripts);
        self.window.set(*window);
    }

    #[track_caller]
    pub(crate) fn allow_scripts(&self, allowed: bool) {
        let value = json!({ "value": !allowed });
        self.tool("Emulation.setScriptExecutionDisabled", &value);
    }
}

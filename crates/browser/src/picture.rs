//! Pictures of whole pages.

use std::{fs, path::Path};

use data_encoding::BASE64;
use serde_json::json;

use crate::{Browser, text_of};

impl Browser {
    /// Writes a PNG of the whole page, as wide as the window and as high as the page.
    #[track_caller]
    pub fn picture(&self, path: &Path) {
        let [width, height] = self.window.get().page();
        let metrics = self.tool("Page.getLayoutMetrics", &json!({}));
        let page = metrics["cssContentSize"]["height"].as_f64();
        let height = page.unwrap_or(height).max(1.0);
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": 1 });
        let wanted = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let shot = text_of(&self.tool("Page.captureScreenshot", &wanted)["data"]);
        let png = BASE64.decode(shot.as_bytes()).expect("a picture in base64");
        if let Err(error) = fs::write(path, png) {
            panic!("no picture at {}: {error}", path.display());
        }
    }
}

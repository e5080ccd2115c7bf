//! The page's sheet. Serif means that a person wrote it; sans that the program says it. No physical
//! left or right; colour is the side, pattern the answer; never red against green.

/// All of it: the page fetches nothing.
pub const SHEET: &str = r#"
:root{color-scheme:light dark;--paper:#fcfcfa;--wash:#f1f3ef;--ink:#14202a;--soft:#434f59;--line:#cdd2d3;--quiet:#d5d9da;--accent:#1b4d3e;--halo:#ffd34d;
--s1:#1660ad;--s2:#8f5200;--s3:#6b2a80;--s4:#0b716c;--s5:#20262b;
--sans:system-ui,-apple-system,"Segoe UI","Noto Sans","Helvetica Neue",Arial,sans-serif;--serif:Charter,"Iowan Old Style","Sitka Text",Cambria,"Noto Serif",Georgia,serif}
@media (prefers-color-scheme:dark){:root{--paper:#11171c;--wash:#1a2228;--ink:#eeebe4;--soft:#bcc3c7;--line:#37424a;--quiet:#3b454c;--accent:#9fcdb8;--halo:#7a5c00;
--s1:#6aa9f5;--s2:#f0a03c;--s3:#d9a9e6;--s4:#72e3d2;--s5:#a3a9ae}}
.side-1{--side:var(--s1)}.side-2{--side:var(--s2)}.side-3{--side:var(--s3)}.side-4{--side:var(--s4)}.side-5{--side:var(--s5)}
*,*::before,*::after{box-sizing:border-box}
html{font-size:112.5%;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 var(--sans);overflow-wrap:anywhere}
main{inline-size:min(100% - 2rem,62rem);margin-inline:auto;padding-block:2.25rem 3.5rem}
h1,h2,h3,p,ul{margin:0;padding:0}
ul{list-style:none}
h1,h2,h3{line-height:1.2;font-weight:650;text-wrap:balance}
h1{font-size:1.75rem;margin-block:.5rem 1.5rem}
h2{font-size:1.35rem;margin-block-end:.75rem}
section{margin-block-start:2.25rem}
small,.small,.meta{font-size:.875rem}
.soft{color:var(--soft)}
.measure{max-inline-size:36rem}
.said{font:400 1.25rem/1.45 var(--serif);unicode-bidi:isolate;max-inline-size:40rem;text-align:start}
.skip{position:absolute;inset-block-start:-6rem;inset-inline-start:1rem;padding:.75rem 1rem;background:var(--ink);color:var(--paper)}
.skip:focus{inset-block-start:1rem}
:focus-visible{outline:3px solid var(--ink);outline-offset:3px;box-shadow:0 0 0 3px var(--halo)}
a{color:inherit}
svg{display:block;fill:currentColor}
.icon,.mark{inline-size:.95em;block-size:.95em;display:inline-block;vertical-align:-.08em;flex:none}
.mark{color:var(--side)}
.sums{display:grid;gap:1rem 2.25rem}
.sums a{border-block-start:3px solid var(--ink);padding-block:.75rem;min-block-size:44px}
.sums b{font-size:2.4rem;line-height:1;font-weight:650}
.sums span{font-size:1.15rem;font-weight:650}
.key{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;margin-block-start:1.5rem;font-size:.875rem}
.key li{display:flex;gap:.5rem;align-items:center}
.key .bar{inline-size:52px;block-size:22px;--side:var(--ink)}
.result{padding-block:1.5rem 2rem;border-block-start:1px solid var(--line);break-inside:avoid}
.result>p{margin-block-start:.5rem;max-inline-size:40rem}
.bars{display:grid;gap:.75rem;margin-block:1rem}
.bars>li{display:grid;grid-template-columns:1fr;gap:.25rem 1.5rem;align-items:center}
.name{font-weight:650}
.bar{inline-size:100%;block-size:1.5rem;border:1.5px solid var(--side);overflow:hidden}
.bar .solid{fill:var(--side)}
.bar .soft-solid{fill:var(--side);opacity:.4}
.bar .dots{fill:url(#dots)}
.bar .stripes{fill:url(#stripes)}
.bar .soft-stripes{fill:url(#stripes);opacity:.4}
.bar .none{fill:var(--quiet)}
.bar .rest{fill:var(--wash)}
.bar .half{fill:var(--ink);stroke:var(--paper);stroke-width:1.5;paint-order:stroke}
.paint{fill:var(--side,var(--ink))}
.lock{display:flex;align-items:center;gap:.6rem;padding:.35rem .8rem;background:var(--wash);color:var(--soft);border-radius:3px}
.meta{display:flex;flex-wrap:wrap;gap:0 1.5rem}
summary{cursor:pointer;padding-block:.75rem;font-weight:650}
.scroll{overflow-x:auto}
table{border-collapse:collapse;min-inline-size:40rem}
caption{text-align:start;color:var(--soft)}
th,td{text-align:start;vertical-align:top;padding-block:.6rem;padding-inline:0 1rem;border-block-end:1px solid var(--line)}
td{font-size:.95rem}
th.said{font-size:1rem;min-inline-size:16rem}
.map{display:grid;gap:1rem;margin-block-start:1rem}
.map>svg{inline-size:100%;block-size:auto;max-inline-size:34rem;margin-inline:auto}
.map .tile{fill:var(--side,var(--soft))}
.map .t1{opacity:.3}.map .t2{opacity:.6}.map .t3{opacity:.95}
.map .halo{fill:var(--paper)}.map .pin{fill:var(--side)}
.map ul{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem}
.map dl{display:grid;gap:.5rem 1.5rem;margin:0}
.map dt{color:var(--soft);font-size:.875rem}
.map dd{margin:0}
.off{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%)}
@media (min-width:48em){html{font-size:118.75%}.sums{grid-template-columns:repeat(3,1fr)}.bars>li{grid-template-columns:10rem minmax(0,1fr) 15rem}.lock{grid-column:2/-1}.map dl{grid-template-columns:1fr 1fr}}
@media (forced-colors:active){.bar,.mark,.map>svg{forced-color-adjust:none}}
@media print{.skip,.sums{display:none}body{font-size:11pt}}
"#;

// How large what is loaded may be, compressed. The popup's part is what its page names: how the code is split
// into files changes with what else uses it.

import { existsSync, readFileSync } from 'node:fs'

const build = '.output/chrome-mv3'
const page = `${build}/popup.html`
const html = existsSync(page) ? readFileSync(page, 'utf8') : ''
const scripts = [...html.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map(([, path]) => build + path)

export default [
  { name: 'provider (in allowed pages)', path: `${build}/provider.js`, limit: '6 kB' },
  {
    name: 'formats (in allowed pages, on first need)',
    path: `${build}/formats.js`,
    limit: '13 kB',
  },
  {
    name: 'verifier (in allowed pages, on first need)',
    path: `${build}/verifier.js`,
    limit: '110 kB',
  },
  { name: 'relay (in every page)', path: `${build}/relay.js`, limit: '8 kB' },
  { name: 'reader (in pages read on)', path: `${build}/reader.js`, limit: '8 kB' },
  { name: 'filler (in pages filled)', path: `${build}/filler.js`, limit: '4 kB' },
  { name: 'background', path: `${build}/background.js`, limit: '230 kB' },
  { name: 'popup, first paint', path: scripts, limit: '37 kB' },
]

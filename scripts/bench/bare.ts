// The bench: what Keyhearth is measured against, made on the fly and never shipped. An extension with an
// empty popup, a page for cryptography, and messages that only come back.

import { resolve } from 'node:path'
import { build } from 'vite'

/** Builds the bare extension. Gives its folder. */
export async function buildBare(): Promise<string> {
  const root = resolve('scripts/bench/bare')
  const folder = resolve('.output/bench/bare')
  await build({
    configFile: false,
    root,
    publicDir: 'static',
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: true,
      modulePreload: false,
      rolldownOptions: { input: [resolve(root, 'popup.html'), resolve(root, 'work.html')] },
    },
  })
  return folder
}

// Builds the page that opens a message under a passphrase (src/standalone): one file, with its script and its style
// in it, and their hashes in its policy, so that nothing else runs there. `%message%` is filled in by whoever sends
// it (src/ui/standalonePage.ts), to whom it is a text: the extension fetches nothing, not even from itself.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { build, type Plugin } from 'vite'

const room = 'src/standalone'
const hashOf = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`

async function bundle(): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: { input: `${room}/standalone.ts`, output: { format: 'iife' } },
    },
  })
  const [first] = Array.isArray(output) ? output : [output]
  const chunk = first && 'output' in first ? first.output[0] : null
  if (chunk?.type !== 'chunk') throw new Error('the standalone page was not built')
  // The end tag would end the script in the middle of it.
  return chunk.code.replaceAll('</script', '<\\/script')
}

async function standalonePage(): Promise<string> {
  const [script, style] = [await bundle(), readFileSync(`${room}/standalone.css`, 'utf8')]
  const parts = {
    '%script-hash%': hashOf(script),
    '%style-hash%': hashOf(style),
    '<!--style-->': `<style>${style}</style>`,
    '<!--script-->': `<script>${script}</script>`,
  }
  let page = readFileSync(`${room}/standalone.html`, 'utf8')
  for (const [place, part] of Object.entries(parts)) page = page.replace(place, () => part)
  return page
}

const name = 'virtual:standalone-page'

export function standalonePlugin(): Plugin {
  return {
    name: 'standalone-page',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load: async (id) =>
      id === `\0${name}` ? `export default ${JSON.stringify(await standalonePage())}` : null,
  }
}

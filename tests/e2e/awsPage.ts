// A page that holds AWS's own client: @aws-sdk/client-kms as published, bundled as a web app would.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { KMS, KMSClientConfig } from '@aws-sdk/client-kms'
import type { Page } from '@playwright/test'
import { build } from 'vite'
import { connect, type Keyhearth } from './keyhearth.ts'

declare global {
  interface Window {
    kms: typeof import('@aws-sdk/client-kms')
    /** A client as docs/pages.md says to make it. */
    newClient(more?: KMSClientConfig): KMS
  }
}

/** AWS's Encryption SDK for browsers has a tree of its own (CONTRIBUTING.md). */
const browserLibrary = resolve('tests/e2e/aws-browser-library')

/** Their packages are in a tree of their own; the lock says which. npm writes the file asked for last. */
export function installBrowserLibrary(): void {
  if (existsSync(resolve(browserLibrary, 'node_modules/.package-lock.json'))) return
  console.log(`Installing AWS’s library for browsers in ${browserLibrary}…`)
  const args = ['install', '--no-audit', '--no-fund', '--no-save']
  const { status, stderr } = spawnSync('npm', args, { cwd: browserLibrary, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm install in ${browserLibrary} failed: ${stderr}`)
}

const bundles = new Map<string, Promise<string>>()

/** One script for a page, made of what `code` imports, found from `root`. */
export function bundle(code: string, root = '.'): Promise<string> {
  const made = bundles.get(code) ?? bundleNow(code, resolve(root))
  bundles.set(code, made)
  return made
}

async function bundleNow(code: string, root: string): Promise<string> {
  const entry = resolve(root, 'entry-of-the-page.js')
  const output = await build({
    root,
    configFile: false,
    logLevel: 'error',
    define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' },
    plugins: [
      {
        name: 'entry',
        enforce: 'pre',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? code : null),
      },
    ],
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      rolldownOptions: { input: entry, output: { format: 'iife' } },
    },
  })
  const [first] = Array.isArray(output) ? output : [output]
  const chunk = first && 'output' in first ? first.output[0] : null
  if (chunk?.type !== 'chunk') throw new Error('the page’s script was not bundled')
  return chunk.code
}

const kmsClient = `
  import * as kms from '@aws-sdk/client-kms'
  window.kms = kms
  window.newClient = (more) =>
    new kms.KMS({
      region: 'browser-1',
      credentials: { accessKeyId: 'keyhearth', secretAccessKey: 'keyhearth' },
      requestHandler: window.keyhearth.requestHandler,
      ...more,
    })
`

/** A connected page with the client in it. */
export async function openWithClient(
  keyhearth: Keyhearth,
  url: string,
  rights: readonly string[] = ['messages', 'keys'],
): Promise<Page> {
  const page = await connect(keyhearth, url, 'Allow on this site', rights)
  await page.addScriptTag({ content: await bundle(kmsClient) })
  return page
}

/** The library counts on a global that browsers have not. */
const shim = "import { Buffer } from 'buffer'; globalThis.Buffer = Buffer"

/** Puts a script into the page that uses AWS's Encryption SDK for browsers. */
export async function addBrowserLibrary(page: Page, script: string): Promise<void> {
  for (const code of [shim, script]) {
    await page.addScriptTag({ content: await bundle(code, browserLibrary) })
  }
}

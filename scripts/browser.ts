// Finds the browsers Keyhearth runs and is tested in, or installs one. Nothing here is part of the
// extension.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { apt, isRootOnDebian, onPath, tryInstall } from './install.ts'

/** `message_serialization` in the manifest (bytes that stay bytes) needs it. */
const leastChromium = 148
const leastFirefox = 142

// Branded Google Chrome is not among them: since version 137 it ignores --load-extension.
const chromiumPlaces = [
  'chromium',
  'chromium-browser',
  'google-chrome-for-testing',
  'microsoft-edge',
  'microsoft-edge-stable',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]
const firefoxPlaces = [
  'firefox-esr',
  'firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  '/Applications/Firefox Developer Edition.app/Contents/MacOS/firefox',
]

/** The major version a browser says it has; 0 where it says none. */
function majorVersion(path: string): number {
  const answer = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 30_000 })
  return Number(/(\d+)\./.exec(answer.stdout ?? '')?.[1] ?? 0)
}

const newEnough = (path: string | null, least: number): path is string =>
  path !== null && majorVersion(path) >= least

function installedByPlaywright(): string | null {
  const path = chromium.executablePath()
  return path && existsSync(path) ? path : null
}

function look(places: readonly string[], least: number): string | null {
  return places.map(onPath).find((path) => newEnough(path, least)) ?? null
}

let chromiumFound: string | null = null

/** A Chromium that loads extensions. @throws Error with one sentence that says what to do */
export function findChromium(): string {
  chromiumFound ??= lookForChromium()
  return chromiumFound
}

function lookForChromium(): string {
  const named = process.env['CHROMIUM']
  if (named) {
    if (newEnough(onPath(named), leastChromium)) return named
    throw new Error(`CHROMIUM names ${named}, which is no Chromium ${leastChromium} or newer.`)
  }
  const there = look(chromiumPlaces, leastChromium) ?? installedByPlaywright()
  if (there) return there
  if (isRootOnDebian()) tryInstall(() => apt('chromium'))
  const fromApt = look(chromiumPlaces, leastChromium)
  if (fromApt) return fromApt
  console.log('Installing Chromium…')
  tryInstall(() => execFileSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'inherit' }))
  const installed = installedByPlaywright()
  if (installed) return installed
  throw new Error(
    `Keyhearth needs Chromium ${leastChromium} or newer: install it, or name it in the variable CHROMIUM.`,
  )
}

/** A Firefox, or why there is none. */
export function findFirefox(): { readonly path: string } | { readonly missing: string } {
  const named = process.env['FIREFOX']
  if (named && newEnough(onPath(named), leastFirefox)) return { path: named }
  const there = look(firefoxPlaces, leastFirefox)
  if (there) return { path: there }
  if (isRootOnDebian()) tryInstall(() => apt('firefox-esr'))
  const path = look(firefoxPlaces, leastFirefox)
  return path ? { path } : { missing: `no Firefox ${leastFirefox} or newer was found` }
}

/** Flags every run of Chromium takes: the extension, and nothing of the browser's own talking. */
export function chromiumFlags(extension: string): string[] {
  return [
    `--disable-extensions-except=${extension}`,
    `--load-extension=${extension}`,
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ]
}

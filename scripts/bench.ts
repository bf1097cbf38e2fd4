// `npm run bench`: how fast Keyhearth is, as ratios within one run, since machines differ. Prints a
// table and JSON and writes the table into docs/performance.md. It measures; it never fails a build.

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { resolve } from 'node:path'
import { extensionId, Keyhearth } from '../tests/e2e/keyhearth.ts'
import { backups } from './bench/backup.ts'
import { buildBare } from './bench/bare.ts'
import {
  type Bench,
  type Case,
  cryptography,
  keyService,
  pageRoundTrip,
  popupPaint,
  unlocking,
} from './bench/cases.ts'
import { documents } from './bench/documents.ts'
import { type Figure, table, withTable } from './bench/figures.ts'
import { otherLibraries } from './bench/libraries.ts'
import { pageLoad } from './bench/pageLoad.ts'
import { scanning } from './bench/scan.ts'
import { manySecrets } from './bench/secrets.ts'
import { type Site, serve } from './serve.ts'

const cases: Readonly<Record<string, Case>> = {
  cryptography,
  libraries: otherLibraries,
  kms: keyService,
  page: pageRoundTrip,
  load: pageLoad,
  scan: scanning,
  popup: popupPaint,
  unlock: unlocking,
  documents,
  // Last: so many secrets slow down whatever comes after.
  secrets: manySecrets,
  backup: backups,
}
const document = 'docs/performance.md'

async function prepare(keyhearth: Keyhearth, site: Site, bareFolder: string): Promise<Bench> {
  const bare = `chrome-extension://${extensionId(bareFolder)}/`
  const work = await keyhearth.context.newPage()
  await work.goto(`${bare}work.html`)
  return { keyhearth, site, bare, work, popup: await keyhearth.createVault() }
}

async function measure(names: readonly string[]): Promise<Figure[]> {
  const bareFolder = await buildBare()
  const site = await serve(resolve('assets/sample'))
  const keyhearth = await Keyhearth.start([bareFolder])
  const figures: Figure[] = []
  try {
    const bench = await prepare(keyhearth, site, bareFolder)
    for (const name of names) {
      console.log(`measuring: ${name}`)
      figures.push(...((await cases[name]?.(bench)) ?? []))
    }
  } finally {
    await keyhearth.dispose()
    site.close()
  }
  return figures
}

const wanted = process.argv.slice(2)
const all = Object.keys(cases)
const unknown = wanted.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.log(`No case ${unknown.join(', ')}; there are ${all.join(', ')}.`)
  process.exit(1)
}
if (spawnSync('wxt', ['build'], { stdio: 'inherit' }).status !== 0) process.exit(1)
const figures = await measure(wanted.length > 0 ? wanted : all)
console.log(`\n${table(figures)}\n`)
console.log(JSON.stringify({ cores: cpus().length, figures }))
if (wanted.length === 0) {
  writeFileSync(document, withTable(readFileSync(document, 'utf8'), table(figures)))
  console.log(`\nWritten to ${document}.`)
}

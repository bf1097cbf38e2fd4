// `npm test`: everything, fast parts first. `npm test -- unit e2e` runs the stages named.
// Ends with one line that counts what ran; leaves with 1 if anything failed or did not run.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { findChromium, findFirefox } from './browser.ts'
import { installVerifiers } from './install.ts'

interface Counts {
  passed: number
  failed: number
  skipped: number
}

const results = '.output/results'
const total: Counts = { passed: 0, failed: 0, skipped: 0 }
/** Named again before the last line, and why: a long run's output is read from its end. */
const failures: string[] = []
const longestReason = 30

function failed(name: string, reasons: readonly string[]): void {
  const lines = reasons.flatMap((reason) => stripVTControlCharacters(reason).split('\n'))
  const shown = lines.filter((line) => !/^\s*$|node_modules/.test(line)).slice(0, longestReason)
  failures.push([name, ...shown.map((line) => `  ${line}`)].join('\n  '))
}

/** Runs a command, its output going to the screen. */
function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): boolean {
  const options = {
    stdio: ['ignore', 'inherit', 'inherit'] as const,
    env: { ...process.env, ...env },
  }
  return spawnSync(command, args, { ...options, stdio: [...options.stdio] }).status === 0
}

/** A stage without tests of its own counts as one. */
const one = (ok: boolean): Counts => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 })

/** What a reporter wrote, and one failure more where its runner failed without saying which test. */
function counted(ok: boolean, file: string, read: (report: never) => Counts): Counts {
  if (!existsSync(file)) return one(false)
  const counts = read(JSON.parse(readFileSync(file, 'utf8')) as never)
  const silent = !ok && counts.failed === 0
  const none = counts.passed + counts.failed === 0
  return silent || none ? { ...counts, failed: counts.failed + 1 } : counts
}

interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string
      readonly fullName: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

function vitest(...folders: string[]): Counts {
  const file = `${results}/${folders.join('-')}.json`
  const paths = folders.map((folder) => `tests/${folder}/`)
  const ok = run('vitest', [
    'run',
    ...paths,
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${file}`,
  ])
  return counted(ok, file, ({ testResults, ...report }: VitestReport) => {
    const results = testResults.flatMap((one) => one.assertionResults)
    for (const { status, fullName, failureMessages } of results) {
      if (status === 'failed') failed(fullName, failureMessages)
      else if (status !== 'passed') console.log(`skipped: ${fullName}`)
    }
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests,
    }
  })
}

interface Suite {
  readonly suites?: readonly Suite[]
  readonly specs: readonly {
    readonly title: string
    readonly tests: readonly {
      readonly status: string
      readonly annotations: readonly { readonly type: string; readonly description?: string }[]
      readonly results: readonly { readonly errors: readonly { readonly message?: string }[] }[]
    }[]
  }[]
}

/** Prints what was skipped and why, and keeps what failed. */
function readSuite({ suites = [], specs }: Suite): void {
  for (const { title, tests } of specs) {
    for (const { results } of tests.filter(({ status }) => /unexpected|flaky/.test(status))) {
      const errors = results.flatMap((result) => result.errors)
      failed(
        title,
        errors.map(({ message = '' }) => message),
      )
    }
    for (const { annotations } of tests.filter(({ status }) => status === 'skipped')) {
      const why = annotations.find(({ type }) => type === 'skip')?.description ?? 'no reason given'
      console.log(`skipped: ${title}: ${why}`)
    }
  }
  suites.forEach(readSuite)
}

interface PlaywrightReport {
  readonly suites: readonly Suite[]
  readonly stats: Readonly<Record<'expected' | 'unexpected' | 'flaky' | 'skipped', number>>
}

function playwright(tests: readonly string[] = [], more: NodeJS.ProcessEnv = {}): Counts {
  const file = `${results}/${tests.length === 0 ? 'e2e' : 'damage'}.json`
  const env = { CHROMIUM: findChromium(), PLAYWRIGHT_JSON_OUTPUT_NAME: file, ...more }
  const ok = run('playwright', ['test', ...tests, '--reporter=line,json'], env)
  return counted(ok, file, ({ suites, stats }: PlaywrightReport) => {
    suites.forEach(readSuite)
    return {
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky,
      skipped: stats.skipped,
    }
  })
}

/** As many places as a release is held to; the whole suite takes some. */
function damage(): Counts {
  const places = process.env['KEYHEARTH_DAMAGE'] ?? '200'
  return playwright(['tests/attacks/damage.spec.ts'], { KEYHEARTH_DAMAGE: places })
}

function firefox(): Counts {
  const found = findFirefox()
  if ('missing' in found) {
    console.log(`skipped: Firefox smoke test: ${found.missing}`)
    return { passed: 0, failed: 0, skipped: 1 }
  }
  return one(run('node', ['tests/e2e/firefox.smoke.ts'], { FIREFOX: found.path }))
}

function withVerifiers(...folders: string[]): Counts {
  installVerifiers()
  return vitest(...folders)
}

/** The command line is built by its own test. */
const build = (): Counts => one(run('wxt', ['build']) && run('wxt', ['build', '-b', 'firefox']))

/** In order: what is quick to fail comes first; all after `build` looks at what it built. */
const stages: readonly {
  readonly name: string
  readonly run: () => Counts
  /** Where it is named alone: it takes an hour. */
  readonly long?: true
}[] = [
  { name: 'types', run: () => one(run('tsc', ['--noEmit', '-p', '.'])) },
  { name: 'lint', run: () => one(run('biome', ['check', '.'])) },
  { name: 'unit', run: () => withVerifiers('unit', 'property') },
  { name: 'vectors', run: () => withVerifiers('vectors') },
  { name: 'build', run: build },
  { name: 'architecture', run: () => vitest('architecture') },
  { name: 'unused', run: () => one(run('knip', [])) },
  { name: 'size', run: () => one(run('size-limit', [])) },
  {
    name: 'webext',
    run: () =>
      one(run('web-ext', ['lint', '--source-dir=.output/firefox-mv3', '--no-config-discovery'])),
  },
  { name: 'e2e', run: () => playwright() },
  { name: 'damage', run: damage, long: true },
  { name: 'firefox', run: firefox },
]

function runStage({ name, run: work }: (typeof stages)[number]): void {
  const started = Date.now()
  console.log(`\n== ${name}`)
  let counts: Counts
  try {
    counts = work()
  } catch (error) {
    console.log(error instanceof Error ? error.message : error)
    counts = one(false)
  }
  if (counts.failed > 0) failures.push(`(stage ${name})`)
  total.passed += counts.passed
  total.failed += counts.failed
  total.skipped += counts.skipped
  const seconds = Math.round((Date.now() - started) / 1000)
  console.log(`== ${name}: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)`)
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name))
if (unknown.length > 0) {
  console.log(
    `No stage ${unknown.join(', ')}; there are ${stages.map(({ name }) => name).join(', ')}.`,
  )
  process.exit(1)
}
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })
for (const stage of stages) {
  if (wanted.length === 0 ? !stage.long : wanted.includes(stage.name)) runStage(stage)
}
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((name) => `  ${name}`).join('\n')}`)
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`)
process.exit(total.failed > 0 ? 1 : 0)

// The bench: what the security module does with a large vault: a backup made and proven, the way in by a passkey, and
// what is looked at when the background starts. The vault has what `secrets` left in it, or is filled here.

import { withAuthenticator } from '../../tests/e2e/authenticator.ts'
import { bundle } from '../../tests/e2e/awsPage.ts'
import { passphrase } from '../../tests/e2e/keyhearth.ts'
import type { Case } from './cases.ts'
import { figure } from './figures.ts'
import { fill } from './secrets.ts'
import { WorkerHeap } from './workerHeap.ts'

const secrets = 100_000
const keys = 1000
const rowsPerSecond = 20_000
const rounds = { many: 7, few: 3 } as const

const secondsWords = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

export const backups: Case = async ({ keyhearth, popup }) => {
  // The manager looks through all records in idle time, which is no part of this.
  const page = await keyhearth.open('popup.html')
  await page.evaluate(await bundle(`import './scripts/bench/backupPage.ts'`))
  const there = await page.evaluate(() => window.backups.counts())
  if (there.secrets < secrets) await popup.evaluate(fill, [there.secrets, secrets] as const)
  await page.evaluate((count) => window.backups.addKeys(count), Math.max(0, keys - there.keys))
  const { rows } = await page.evaluate(() => window.backups.counts())
  const named = `${rows.toLocaleString('en')} rows`
  const aimMs = (rows / rowsPerSecond) * 1000

  const starting = await page.evaluate((count) => window.backups.starting(count), rounds.many)
  const making = await page.evaluate((count) => window.backups.making(count), rounds.few)
  const proving = await page.evaluate((count) => window.backups.proving(count), rounds.few)

  const worker = await WorkerHeap.of(keyhearth)
  const most = { make: 0, prove: 0 }
  let bytes = 0
  most.make = await worker.mostDuring(async () => {
    bytes = await page.evaluate(() => window.backups.make())
  })
  most.prove = await worker.mostDuring(() => page.evaluate(() => window.backups.prove()))
  await worker.end()
  const file = bytes / 2 ** 20

  await withAuthenticator(page)
  await page.evaluate((words) => window.backups.addPasskey(words), passphrase)
  const unlocking = await page.evaluate((count) => window.backups.unlocking(count), rounds.many)
  await page.close()
  return [
    figure('looked at when it starts', 'opening the database', starting, '≤ 50 ms'),
    figure('unlock by passkey', 'the authenticator alone', unlocking, '≤ 150 ms more'),
    figure(`a backup, ${named}`, 'reading them alone', making, `≤ ${secondsWords(aimMs)} more`),
    figure(
      `proving it, ${named}`,
      'crypto.subtle.decrypt of each',
      proving,
      `≤ ${secondsWords(aimMs)}`,
    ),
    figure(
      'memory, making the backup',
      'the file',
      { ours: [most.make], bare: [file] },
      '≤ 64 MiB',
      'MiB',
    ),
    figure(
      'memory, proving it',
      'the file',
      { ours: [most.prove], bare: [file] },
      '≤ 64 MiB',
      'MiB',
    ),
  ]
}

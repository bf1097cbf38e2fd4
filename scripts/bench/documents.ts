// The bench: documents, in a page of Keyhearth's own, signed through `kms:Sign` of the running background. Hashing alone is
// measured with the same hasher over the same stream, and with one call of WebCrypto over the file as a whole.

import type { CDPSession, Page } from '@playwright/test'
import { bundle } from '../../tests/e2e/awsPage.ts'
import type { Case } from './cases.ts'
import type { DocumentCase } from './documentsPage.ts'
import { type Figure, figure } from './figures.ts'

const byStream = 'SHA-256 alone, same stream'
const byWhole = 'crypto.subtle.digest, whole'

interface Row {
  readonly name: DocumentCase
  readonly against: 'stream' | 'whole' | 'key'
  readonly what: string
  readonly beside: string
  readonly aim: string
}

const large = (name: 'signLarge' | 'verifyLarge', verb: string): readonly Row[] => {
  const what = `${verb} 100 MiB, detached`
  return [
    { name, against: 'stream', what, beside: byStream, aim: '≤ 1.11x' },
    { name, against: 'whole', what, beside: byWhole, aim: '' },
  ]
}

const pdf = (name: 'signPdf' | 'verifyPdf', verb: string): readonly Row[] => {
  const what = `${verb} a PDF of 10 MiB`
  return [
    { name, against: 'stream', what, beside: byStream, aim: '≤ 1.5x + 300 ms' },
    { name, against: 'whole', what, beside: byWhole, aim: '' },
  ]
}

const rows: readonly Row[] = [
  ...large('signLarge', 'sign'),
  ...large('verifyLarge', 'verify'),
  ...pdf('signPdf', 'sign'),
  ...pdf('verifyPdf', 'verify'),
  {
    name: 'signSmall',
    against: 'key',
    what: 'sign 250 files of 1 KiB',
    beside: 'kms:Sign alone, 250 times',
    aim: '≤ 1.25x',
  },
  {
    name: 'verifySmall',
    against: 'key',
    what: 'verify 250 files of 1 KiB',
    beside: 'crypto.subtle.verify alone',
    aim: '≤ 1.25x',
  },
]
const passes = 4

/** MiB that the page holds, arrays outside the heap included. */
async function held(session: CDPSession): Promise<number> {
  const usage = await session.send('Runtime.getHeapUsage')
  return (usage.usedSize + usage.backingStorageSize) / 2 ** 20
}

/** The most that is held while a file of so many MiB is signed, over what was held before. */
async function memoryOf(page: Page, size: number): Promise<number> {
  await page.evaluate((given) => window.documents.make(given), size)
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const before = await held(session)
  let most = before
  const signing = page.evaluate(() => window.documents.sign())
  let isOver = false
  const over = signing.finally(() => {
    isOver = true
  })
  while (!isOver) most = Math.max(most, await held(session))
  await over
  await session.detach()
  return most - before
}

export const documents: Case = async ({ keyhearth }) => {
  const page = await keyhearth.open('manager.html')
  await page.evaluate(await bundle(`import './scripts/bench/documentsPage.ts'`))
  const measured = rows.map((row) => ({ ...row, ours: [] as number[], bare: [] as number[] }))
  for (let pass = 0; pass < passes; pass++) {
    for (const { name, against, ours, bare } of measured) {
      const pairs = await page.evaluate(([one, other]) => window.documents.measure(one, other, 1), [
        name,
        against,
      ] as const)
      // The first pass makes the files and warms all paths up.
      if (pass === 0) continue
      ours.push(...pairs.ours)
      bare.push(...pairs.bare)
    }
  }
  const figures: Figure[] = measured.map(({ what, beside, ours, bare, aim }) =>
    figure(what, beside, { ours, bare }, aim),
  )
  const memory = { ours: [await memoryOf(page, 400)], bare: [await memoryOf(page, 100)] }
  figures.push(figure('memory, signing 400 MiB', 'signing 100 MiB', memory, '≤ 64 MiB', 'MiB'))
  await page.close()
  return figures
}

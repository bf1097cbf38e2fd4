// Checking signatures on the screen: files find their signatures, every code has its words, and nothing that was not
// checked is called trusted.

import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { verdicts } from '../../src/documents/index.ts'
import { headlineOf, headlines } from '../../src/ui/verifyHeadline.ts'
import { pair, readPart } from '../../src/ui/verifyParts.ts'

const locale = JSON.parse(readFileSync('locales/en.json', 'utf8')) as Record<string, string>
vi.mock('#i18n', () => ({ i18n: { t: (key: string) => locale[key] ?? key } }))
const words = await import('../../src/ui/verifyWords.ts')

/** The words of a union, out of the source that declares it. */
function unionIn(path: string, name: string): readonly string[] {
  const source = readFileSync(path, 'utf8')
  const [, body = ''] =
    new RegExp(`type ${name} =\\n((?:  [|/*].*\\n| {3}\\*.*\\n)+)`).exec(source) ?? []
  return [...body.matchAll(/^ {2}\| '([^']+)'/gm)].map(([, code = '']) => code)
}

const unions = [
  ['documents/report.ts', 'NotChecked', words.notCheckedWords],
  ['documents/report.ts', 'TimeStampProblem', words.problemWords],
  ['documents/verifyCms.ts', 'CmsProblem', words.problemWords],
  ['pdf/signatures.ts', 'SignatureProblem', words.problemWords],
  ['documents/verifyJws.ts', 'JwsProblem', words.problemWords],
  ['documents/sshSignature.ts', 'SshProblem', words.problemWords],
  ['documents/minisign.ts', 'MinisignProblem', words.problemWords],
  ['documents/verifyDocument.ts', 'DocumentProblem', words.documentProblemWords],
  ['documents/jwsText.ts', 'JwsTextProblem', words.documentProblemWords],
  ['documents/recognise.ts', 'Recognised', words.formWords],
  ['certificates/validatePath.ts', 'PathReason', words.reasonWords],
  ['certificates/path.ts', 'VerdictReason', words.reasonWords],
  ['certificates/strength.ts', 'Weakness', words.weaknessWords],
  ['pdf/compare.ts', 'FindingCode', words.findingWords],
] as const

test.each(unions)('%s: each %s has words of its own', (path, name, table) => {
  const codes = unionIn(`src/${path}`, name)
  expect(codes.length).toBeGreaterThan(2)
  const said: Readonly<Record<string, string>> = table
  for (const code of codes) expect(said[code] ?? '', code).toMatch(/\S/)
  expect(Object.values(said).filter((one) => one.startsWith('verify_'))).toEqual([])
})

test('trusted is said of what is valid alone, whatever else a report holds', () => {
  const all = verdicts.flatMap((verdict) =>
    (['intact', 'altered', 'not-checked'] as const).flatMap((integrity) =>
      ([null, 'no-path', 'expired'] as const).map((reason) => ({ verdict, integrity, reason })),
    ),
  )
  for (const report of all) {
    const headline = headlineOf(report, false)
    expect(headlines).toContain(headline)
    expect(headlineOf(report, true)).not.toBe('trusted')
    if (report.verdict !== 'valid' || report.integrity !== 'intact') {
      expect(headline).not.toBe('trusted')
    }
    if (report.verdict === 'altered') expect(headline).toBe('altered')
  }
  const intact = { integrity: 'intact', reason: null } as const
  expect(headlineOf({ ...intact, verdict: 'valid' }, false)).toBe('trusted')
  expect(headlineOf({ ...intact, verdict: 'incomplete' }, false)).toBe('partly')
  const unknown = { verdict: 'not-trusted', reason: 'no-path' } as const
  expect(headlineOf({ ...unknown, integrity: 'intact' }, false)).toBe('unknown-signer')
  expect(headlineOf({ ...unknown, integrity: 'not-checked' }, false)).toBe('not-checked')
})

const ssh = '-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n'
const part = (name: string, content: string) => readPart(name, new Blob([content]))

test('signatures find their files by name, and by being the only ones left', async () => {
  const [a, b, ofA, odd] = await Promise.all([
    part('a.txt', 'a'),
    part('b.tar.gz', 'b'),
    part('a.txt.sig', ssh),
    part('signature', ssh),
  ])
  expect(ofA).toMatchObject({ kind: 'ssh-signature', isApart: true })
  const names = (given: readonly (typeof a)[]) =>
    pair(given).map(({ file, signature }) => [file?.name ?? null, signature?.name ?? null])
  expect(names([ofA, b, a])).toEqual([
    ['b.tar.gz', null],
    ['a.txt', 'a.txt.sig'],
  ])
  expect(names([a, ofA, b, odd])).toEqual([
    ['a.txt', 'a.txt.sig'],
    ['b.tar.gz', 'signature'],
  ])
  expect(names([a, b, odd])).toEqual([
    ['a.txt', null],
    ['b.tar.gz', null],
    [null, 'signature'],
  ])
})

// The tables of docs/documents.md, made by running each pair: what is signed here is taken by the programs of others, and
// what they sign is taken here; an altered byte is refused by both. `UPDATE_DOCS=1` writes the tables.

import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { readCertificate } from '../../src/certificates/certificate.ts'
import { readCertificates } from '../../src/certificates/certificateFiles.ts'
import { readCrl } from '../../src/certificates/crl.ts'
import { checkPath } from '../../src/certificates/path.ts'
import { readPem } from '../../src/certificates/pem.ts'
import { isProved, readRequest } from '../../src/certificates/request.ts'
import type { Bytes } from '../../src/codec/bytes.ts'
import { readKnownKey } from '../../src/documents/judgeKey.ts'
import { verifyDocument } from '../../src/documents/verifyDocument.ts'
import { type Artefact, type Files, type Kind, makeArtefacts } from './documentsArtefacts.ts'
import { now } from './documentsPeople.ts'
import { hasProgram, type Program, programs } from './documentsPrograms.ts'
import { testFolder } from './foreignTools.ts'

const document = 'docs/documents.md'
const folder = testFolder('matrix')
const hasOpenssl = hasProgram(['openssl'])
const minutes = 60_000

let artefacts: Awaited<ReturnType<typeof makeArtefacts>>
beforeAll(async () => {
  artefacts = await makeArtefacts(folder, hasOpenssl)
}, 10 * minutes)

const read = (path: string): Bytes => new Uint8Array(readFileSync(path))
const derOf = (path: string): Bytes => readPem(read(path))?.[0]?.bytes ?? read(path)

/** Whether Keyhearth takes it, nothing left to say against it. */
async function ours(kind: Kind, { file, content }: Files): Promise<boolean> {
  const { authority, own, clock, crl, known, jwsKey } = artefacts.trust
  const at = { time: now, others: [], crls: [crl] }
  try {
    switch (kind) {
      case 'self-signed':
      case 'certificate': {
        const certificate = readCertificate(derOf(file))
        const anchors = kind === 'certificate' ? [authority] : [own]
        return (await checkPath({ ...at, certificate, anchors })).reason === null
      }
      case 'request':
        return await isProved(readRequest(derOf(file)))
      case 'crl': {
        const [ada] = artefacts.made.filter((one) => one.kind === 'certificate')
        const certificate = readCertificate(derOf(ada?.good.file ?? ''))
        const crls = [readCrl(derOf(file))]
        const { notChecked } = await checkPath({ ...at, certificate, crls, anchors: [authority] })
        return !notChecked.includes('revocation')
      }
      default: {
        const keys = known.flatMap((text) => readKnownKey(text, 'Eve') ?? [])
        const report = await verifyDocument({
          file: read(content && kind !== 'pdf' ? content : file),
          ...(content && kind !== 'pdf' ? { signature: read(file) } : {}),
          anchors: [
            authority,
            ...clock.flatMap((text) => readCertificates(new TextEncoder().encode(text))),
          ],
          crls: [crl],
          keys: [...keys, { name: 'Ada', spki: jwsKey, keyId: null }],
          at: new Date(),
        })
        return report.verdict === 'valid'
      }
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}

const families = [
  { name: 'certificates', kinds: ['self-signed', 'certificate', 'request', 'crl'] },
  { name: 'messages', kinds: ['cms', 'pem', 'clear'] },
  { name: 'pdf', kinds: ['pdf'] },
  { name: 'texts', kinds: ['jws', 'ssh', 'minisign'] },
] as const satisfies readonly { name: string; kinds: readonly Kind[] }[]

const none = '–'
const cell = (takesGood: boolean, takesAltered: boolean): string =>
  takesGood ? (takesAltered ? '**takes an altered byte, too**' : 'yes') : 'no'

async function cellOf({ kind, good, altered }: Artefact, { checks, readsOnly }: Program) {
  const check = checks[kind]
  if (!check) return none
  return readsOnly ? (check(good) ? 'sound' : 'no') : cell(check(good), check(altered))
}

const cells = (row: readonly string[]): string => `| ${row.join(' | ')} |`
const marks = (name: string) => [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`] as const

/** What stands between the marks. @throws Error where the document has lost them */
function partOf(text: string, name: string) {
  const [start, end] = marks(name)
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${document} has lost its marks ${start}`)
  return {
    before: text.slice(0, from + start.length),
    part: text.slice(from, to),
    after: text.slice(to),
  }
}

/** The cell that stands in the document; for programs that are not here. */
function standing(text: string, artefact: string, program: string): string {
  const rows = text
    .split('\n')
    .flatMap((line) => (line.startsWith('|') ? [line.slice(2, -2).split(' | ')] : []))
  const column = rows[0]?.indexOf(program) ?? -1
  return rows.find(([name]) => name === artefact)?.[column] ?? none
}

test.each(families)(
  'docs/documents.md says of $name what a run of every pair says',
  async ({ name, kinds }) => {
    const rows = artefacts.made.filter(({ kind }) => (kinds as readonly Kind[]).includes(kind))
    const columns = programs(artefacts.anchor, folder).filter(({ checks }) =>
      kinds.some((kind) => checks[kind]),
    )
    const absent = columns.filter(({ tools }) => !hasProgram(tools))
    if (absent.length > 0) {
      console.log(
        `not installed, their cells left as they are: ${absent.map((one) => one.name).join(', ')}`,
      )
    }
    const text = readFileSync(document, 'utf8')
    const { before, part, after } = partOf(text, name)
    const body: string[] = []
    for (const artefact of rows) {
      const row = [
        artefact.name,
        cell(await ours(artefact.kind, artefact.good), await ours(artefact.kind, artefact.altered)),
      ]
      for (const program of columns) {
        row.push(
          absent.includes(program)
            ? standing(part, artefact.name, program.name)
            : await cellOf(artefact, program),
        )
      }
      body.push(cells(row))
    }
    const head = ['', 'Keyhearth', ...columns.map((one) => one.name)]
    const table = [cells(head), `|${'---|'.repeat(head.length)}`, ...body].join('\n')
    expect(table).not.toContain('altered')
    if (process.env['UPDATE_DOCS'] === '1')
      writeFileSync(document, `${before}\n\n${table}\n\n${after}`)
    else expect(part).toContain(table)
  },
  10 * minutes,
)

// The tables of docs/documents.md, made by running each pair: what is signed here is taken by the programs of others, and
// what they sign or encrypt is taken here; an altered byte is refused by both. `UPDATE_DOCS=1` writes the tables.

import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { type Certificate, readCertificate } from '../../src/certificates/certificate.ts'
import { readCertificates } from '../../src/certificates/certificateFiles.ts'
import { readCrl } from '../../src/certificates/crl.ts'
import { checkPath } from '../../src/certificates/path.ts'
import { readPem } from '../../src/certificates/pem.ts'
import { isProved, readRequest } from '../../src/certificates/request.ts'
import { verifySignature } from '../../src/certificates/signatures.ts'
import { type Bytes, equalBytes } from '../../src/codec/bytes.ts'
import { decryptCms } from '../../src/documents/decryptCms.ts'
import type { Decryptor } from '../../src/documents/decryptor.ts'
import { EnvelopeError } from '../../src/documents/envelopeError.ts'
import { readKnownKey } from '../../src/documents/judgeKey.ts'
import { verifyDocument } from '../../src/documents/verifyDocument.ts'
import { Background } from './background.ts'
import {
  type Artefact,
  altered,
  type Files,
  type Kind,
  makeArtefacts,
  withAlteredKey,
} from './documentsArtefacts.ts'
import { now } from './documentsPeople.ts'
import { hasProgram, type Program, programs } from './documentsPrograms.ts'
import { ecOfVault, rsaOfVault } from './documentsRecipients.ts'
import {
  makePeople,
  type TheirForm,
  type Theirs,
  theirContent,
  theirForms,
  theirPrograms,
} from './documentsTheirs.ts'
import { testFolder } from './foreignTools.ts'
import { importExternal } from './importExternal.ts'

const document = 'docs/documents.md'
const folder = testFolder('matrix')
const theirFolder = testFolder('theirs')
const hasOpenssl = hasProgram(['openssl'])
const minutes = 60_000

let artefacts: Awaited<ReturnType<typeof makeArtefacts>>
beforeAll(async () => {
  artefacts = await makeArtefacts(folder, hasOpenssl)
}, 10 * minutes)

const read = (path: string): Bytes => new Uint8Array(readFileSync(path))
const derOf = (path: string): Bytes => readPem(read(path))?.[0]?.bytes ?? read(path)

/** Whether Keyhearth takes it, nothing left to say against it. */
async function ours(kind: Kind, { file, content, key = '' }: Files): Promise<boolean> {
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
      case 'enveloped': {
        const { content: opened } = await decryptCms(read(file), decryptorsOf(key))
        return equalBytes(opened, read(content ?? ''))
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

/** Keys that decrypt, by the files that they are in. */
const decryptorsOf = (file: string): readonly Decryptor[] =>
  artefacts.trust.recipients.flatMap(({ keyFile, decryptor }) =>
    keyFile === file ? [decryptor] : [],
  )

const families = [
  { name: 'certificates', kinds: ['self-signed', 'certificate', 'request', 'crl'] },
  { name: 'messages', kinds: ['cms', 'pem', 'clear'] },
  { name: 'pdf', kinds: ['pdf'] },
  { name: 'encrypted', kinds: ['enveloped'] },
  { name: 'texts', kinds: ['jws', 'ssh', 'minisign'] },
] as const satisfies readonly { name: string; kinds: readonly Kind[] }[]

const none = '–'
const cell = (takesGood: boolean, takesAltered: boolean): string =>
  takesGood ? (takesAltered ? '**takes an altered byte, too**' : 'yes') : 'no'

async function cellOf({ kind, good, altered }: Artefact, { checks, readsOnly }: Program) {
  const check = checks[kind]
  if (!check) return none
  return readsOnly
    ? (await check(good))
      ? 'sound'
      : 'no'
    : cell(await check(good), await check(altered))
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

/** Whether Keyhearth finds all that they signed intact; nothing is asked of trust but the key itself. */
async function isIntact(form: TheirForm, { key, isApart }: Theirs, file: Bytes, content: Bytes) {
  switch (form) {
    case 'certificate, self-signed': {
      const certificate = readCertificate(file)
      return signedBy(certificate, certificate.publicKey)
    }
    case 'request (PKCS #10)':
      return isProved(readRequest(file))
    case 'revocation list':
      return signedBy(readCrl(file), readCertificate(derOf(key ?? '')).publicKey)
    default: {
      const known = key ? readKnownKey(readFileSync(key, 'utf8').trim(), 'Carol') : null
      const { signatures } = await verifyDocument({
        file: isApart ? content : file,
        ...(isApart ? { signature: file } : {}),
        // gpgsm leaves out a certificate that signed itself: whoever checks has it.
        anchors: [readCertificate(derOf(theirFolder.path('carol.pem')))],
        keys: known ? [known] : [],
        at: new Date(),
      })
      return signatures.length > 0 && signatures.every(({ integrity }) => integrity === 'intact')
    }
  }
}

const signedBy = (
  {
    signatureAlgorithm,
    tbs,
    signature,
  }: Pick<Certificate, 'signatureAlgorithm' | 'tbs' | 'signature'>,
  publicKey: Bytes,
): Promise<boolean> =>
  verifySignature({ publicKey, algorithm: signatureAlgorithm.der, message: tbs, signature })

/** Carol’s key and Dora’s, brought into a vault, which opens what is encrypted to them. */
async function vaultOfBoth(): Promise<readonly Decryptor[]> {
  const background = await Background.withVault()
  const file = (name: string) => derOf(theirFolder.path(name))
  const rsa = ['RSA_2048', 'ENCRYPT_DECRYPT'] as const
  const carol = await importExternal(background, ...rsa, file('carol.key'))
  const curve = ['ECC_NIST_P256', 'KEY_AGREEMENT'] as const
  const dora = await importExternal(background, ...curve, file('dora.key'))
  return [
    rsaOfVault(background, carol, file('carol.pem')),
    ecOfVault(background, dora, file('dora.pem')),
  ]
}

async function opens(message: Bytes, decryptors: readonly Decryptor[]): Promise<boolean> {
  try {
    const { content } = await decryptCms(message, decryptors)
    return equalBytes(content, new TextEncoder().encode(theirContent))
  } catch (error) {
    if (error instanceof EnvelopeError) return false
    throw error
  }
}

/** A part of each form that is signed. */
const signedParts: Readonly<Record<Exclude<TheirForm, `encrypted ${string}`>, string>> = {
  'certificate, self-signed': 'Carol',
  'request (PKCS #10)': 'Carol',
  'revocation list': 'Carol',
  'CMS detached': theirContent,
  'CMS attached': theirContent,
  'text, clear-signed': 'what I say',
  PDF: '/MediaBox',
  'JWS, compact': 'd2hhdCBJIHNhe',
  SSHSIG: theirContent,
  minisign: theirContent,
}

const isEncrypted = (form: TheirForm): form is Extract<TheirForm, `encrypted ${string}`> =>
  form.startsWith('encrypted')

async function theirCell(
  form: TheirForm,
  theirs: Theirs | undefined,
  decryptors: readonly Decryptor[],
): Promise<string> {
  if (!theirs) return none
  if (isEncrypted(form)) {
    const message = read(theirs.file)
    return cell(await opens(message, decryptors), await opens(withAlteredKey(message), decryptors))
  }
  const isX509 = /^(certificate|request|revocation)/.test(form)
  const file = isX509 ? derOf(theirs.file) : read(theirs.file)
  const content = new TextEncoder().encode(theirContent)
  const part = signedParts[form]
  const bentFile = theirs.isApart ? file : altered(file, part)
  const bentContent = theirs.isApart ? altered(content, part) : content
  const takes = (one: Bytes, over: Bytes) => isIntact(form, theirs, one, over)
  return cell(await takes(file, content), await takes(bentFile, bentContent))
}

test(
  'docs/documents.md says what Keyhearth makes of what others sign and encrypt',
  async () => {
    if (hasOpenssl) makePeople(theirFolder)
    const decryptors = hasOpenssl ? await vaultOfBoth() : []
    const columns = theirPrograms(theirFolder)
    const made = new Map(
      columns.flatMap((program) => {
        const isHere = hasOpenssl && hasProgram(program.tools)
        if (!isHere) console.log(`not installed, its cells left as they are: ${program.name}`)
        return isHere ? [[program, program.make()] as const] : []
      }),
    )
    const text = readFileSync(document, 'utf8')
    const { before, part, after } = partOf(text, 'theirs')
    const body: string[] = []
    for (const form of theirForms) {
      const row: string[] = [form]
      for (const program of columns) {
        const theirs = made.get(program)
        row.push(
          theirs
            ? await theirCell(form, theirs[form], decryptors)
            : standing(part, form, program.name),
        )
      }
      body.push(cells(row))
    }
    const head = ['', ...columns.map((one) => one.name)]
    const table = [cells(head), `|${'---|'.repeat(head.length)}`, ...body].join('\n')
    expect(table).not.toContain('altered')
    if (process.env['UPDATE_DOCS'] === '1')
      writeFileSync(document, `${before}\n\n${table}\n\n${after}`)
    else expect(part).toContain(table)
  },
  10 * minutes,
)

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

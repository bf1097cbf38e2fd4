// A text that stays readable beside its signature survives what mail and pages do to it, and nothing else.

import { expect, test } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../../src/codec/text.ts'
import { bodyOfPart, readClearSigned } from '../../src/documents/readClearSigned.ts'
import { signCms } from '../../src/documents/signCms.ts'
import { clearSigned, clearTextPart } from '../../src/documents/smime.ts'
import { verifyDocument } from '../../src/documents/verifyDocument.ts'
import { crlOf, makeAuthority, makePerson, now } from './documentsPeople.ts'
import { hasTool, run, testFolder } from './foreignTools.ts'

const text = 'Grüße,\n\nein Brief:\n--Anna\n> nicht zitiert\n'

async function letter() {
  const authority = await makeAuthority()
  const ada = await makePerson(authority)
  const cms = await signCms({ signers: [ada], content: clearTextPart(text), detached: true })
  const crls = [await crlOf(authority)]
  const verdictOf = async (mail: string) =>
    verifyDocument({
      file: encodeUtf8(mail),
      anchors: [authority.certificate],
      crls,
      at: new Date(now),
    })
  return { mail: clearSigned(text, cms, 'SHA-256'), verdictOf }
}

test('it is valid as it was made, and gives what was signed', async () => {
  const { mail, verdictOf } = await letter()
  const report = await verdictOf(mail)
  expect(report).toMatchObject({ form: 'smime-clear', verdict: 'valid' })
  expect(report.content).toEqual(clearTextPart(text))
})

test('it survives other ends of lines, quoting, headers, preambles and broken base64', async () => {
  const { mail, verdictOf } = await letter()
  const lines = mail.split('\r\n')
  const header = /boundary="(.*?)"/.exec(mail)?.[1] ?? ''
  const changed = {
    'line feeds': lines.join('\n'),
    quoted: lines.map((line) => `> ${line}`).join('\n'),
    'quoted twice': lines.map((line) => `>> ${line}`).join('\r\n'),
    headers: `From: a@example.org\r\nSubject: =?utf-8?q?Br=C3=BC?=\r\n${mail}`,
    preamble: mail.replace(`\r\n\r\n--${header}`, `\r\n\r\nThis is signed.\r\n\r\n--${header}`),
    epilogue: `${mail}\r\n-- \r\nA list\r\n`,
    folded: mail.replace('; boundary=', ';\r\n\tboundary='),
    'blanks at ends': lines.map((line) => `${line}  `).join('\r\n'),
    'base64 broken anywhere': mail.replaceAll(
      /^([A-Za-z0-9+/]{9})([A-Za-z0-9+/=]{20,})$/gm,
      '$1\r\n $2',
    ),
  }
  for (const [name, one] of Object.entries(changed)) {
    expect([name, (await verdictOf(one)).verdict]).toEqual([name, 'valid'])
  }
})

test('another word, a third part or no signature is no valid letter', async () => {
  const { mail, verdictOf } = await letter()
  expect(await verdictOf(mail.replace('Brief', 'Buch'))).toMatchObject({ verdict: 'altered' })
  const boundary = /boundary="(.*?)"/.exec(mail)?.[1] ?? ''
  const more = mail.replace(
    `--${boundary}\r\n`,
    `--${boundary}\r\n\r\nPay 900\r\n--${boundary}\r\n`,
  )
  expect(await verdictOf(more)).toMatchObject({ verdict: null, problem: 'malformed' })
  expect(await verdictOf(mail.slice(0, -900))).not.toMatchObject({ verdict: 'valid' })
})

test('a reader sees what stands behind the fields, and a torn letter is none', () => {
  const cms = encodeUtf8('a signature')
  const whole = clearSigned(text, cms, 'SHA-256')
  for (const given of [whole, whole.replaceAll('\r\n', '\n')]) {
    const found = readClearSigned(given)
    expect(found?.cms).toEqual(cms)
    expect(found?.candidates[0]).toEqual(clearTextPart(text))
    const bodies = found?.candidates.map((one) => decodeUtf8(bodyOfPart(one)))
    expect(bodies).toEqual([text.replaceAll('\n', '\r\n'), text])
  }
  expect(bodyOfPart(cms)).toEqual(cms)
  expect(readClearSigned('Content-Type: text/plain\r\n\r\nhello')).toBeNull()
})

const hasOpenssl = hasTool('openssl')
const folder = testFolder('clear')

test.runIf(hasOpenssl)('a letter of openssl is intact', async () => {
  const { verdictOf } = await letter()
  const { path, write } = folder
  const making = ['-newkey', 'rsa:2048', '-nodes', '-keyout', path('k.pem'), '-out', path('c.pem')]
  run('openssl', ['req', '-x509', ...making, '-subj', '/CN=Bob'])
  write('words', 'Dear Ada,\nthese are mine.\n')
  const signing = ['-sign', '-text', '-md', 'sha256', '-signer', path('c.pem')]
  const keys = ['-inkey', path('k.pem'), '-in', path('words'), '-out', path('mail')]
  expect(run('openssl', ['smime', ...signing, ...keys]).status).toBe(0)
  const report = await verdictOf(folder.read('mail'))
  expect(report.signatures[0]).toMatchObject({ who: 'CN=Bob', integrity: 'intact' })
})

test.runIf(hasOpenssl)(
  'a mail of openssl that holds its text inside is read, and told when altered',
  async () => {
    const { verdictOf } = await letter()
    const { path, write } = folder
    const making = [
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      path('o.pem'),
      '-out',
      path('d.pem'),
    ]
    run('openssl', ['req', '-x509', ...making, '-subj', '/CN=Eve'])
    write('words', 'Dear Ada,\nthese are inside.\n')
    const signing = [
      '-sign',
      '-nodetach',
      '-binary',
      '-signer',
      path('d.pem'),
      '-inkey',
      path('o.pem'),
    ]
    const files = ['-in', path('words'), '-out', path('opaque')]
    expect(run('openssl', ['cms', ...signing, ...files]).status).toBe(0)
    const mail = folder.read('opaque')
    const report = await verdictOf(mail)
    expect(report).toMatchObject({ form: 'smime-opaque', content: folder.bytes('words') })
    expect(report.signatures[0]).toMatchObject({ who: 'CN=Eve', integrity: 'intact' })
    const cut = mail.replace(/\r?\n[^\n]+\n\s*$/, '\n')
    expect(await verdictOf(cut)).toMatchObject({ signatures: [], problem: expect.any(String) })
  },
)

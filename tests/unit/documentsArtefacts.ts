// What is signed here, once whole and once with one byte altered, as files for programs of others.

import { existsSync } from 'node:fs'
import { digest } from '../../src/certificates/algorithms.ts'
import { readCertificate } from '../../src/certificates/certificate.ts'
import { makeSelfSigned } from '../../src/certificates/makeCertificate.ts'
import { writePem } from '../../src/certificates/pem.ts'
import { makeRequest } from '../../src/certificates/request.ts'
import { type Bytes, concatBytes } from '../../src/codec/bytes.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { encryptCms } from '../../src/documents/encryptCms.ts'
import { toJwk } from '../../src/documents/jwk.ts'
import { signJws } from '../../src/documents/jws.ts'
import { signMinisign } from '../../src/documents/minisign.ts'
import { minisignKeyOf, writeMinisignKey } from '../../src/documents/minisignKey.ts'
import { readCms } from '../../src/documents/readCms.ts'
import { readEnvelope } from '../../src/documents/readEnvelope.ts'
import { runningBlake2b } from '../../src/documents/runningBlake2b.ts'
import { addSigner, type CmsSigning, signCms } from '../../src/documents/signCms.ts'
import { clearSigned, clearTextPart, cmsToPem } from '../../src/documents/smime.ts'
import { allowedSignersLine, openSshPublicKey } from '../../src/documents/sshPublicKey.ts'
import { signSsh } from '../../src/documents/sshSignature.ts'
import {
  addTimeStamp,
  makeTimeStampRequest,
  readTimeStampResponse,
} from '../../src/documents/timeStamp.ts'
import {
  addValidationData,
  readSignatures,
  type SignPdfOptions,
  signPdf,
} from '../../src/pdf/index.ts'
import { mlDsaSigner, type testSigner } from './certificatesSigners.ts'
import { crlOf, day, makeAuthority, makePerson, now } from './documentsPeople.ts'
import { makeRecipient } from './documentsRecipients.ts'
import { run, type testFolder } from './foreignTools.ts'
import { makePdf, sample } from './pdfFiles.ts'

export type Kind =
  | 'certificate'
  | 'self-signed'
  | 'request'
  | 'crl'
  | 'cms'
  | 'pem'
  | 'clear'
  | 'pdf'
  | 'enveloped'
  | 'jws'
  | 'ssh'
  | 'minisign'

/** Paths. */
export interface Files {
  readonly file: string
  /** What the signature is over, where that is kept apart. */
  readonly content?: string
  /** The CMS inside a PDF. */
  readonly cms?: string
  /** The public key, as the form's own programs want it; of what is encrypted, the private one. */
  readonly key?: string
  /** Of what is encrypted: to whom. */
  readonly certificate?: string
}

export interface Artefact {
  readonly name: string
  readonly kind: Kind
  readonly good: Files
  readonly altered: Files
}

type Folder = ReturnType<typeof testFolder>

const content = encodeUtf8('what I say\r\n')
const other = encodeUtf8('what I sax\r\n')

/** One bit of the byte where this text begins. @throws Error where it is not there */
export function altered(bytes: Bytes, text: string): Bytes {
  const at = Buffer.from(bytes).indexOf(text)
  if (at < 0) throw new Error(`there is no ${text}`)
  const bent = bytes.slice()
  bent[at] = (bent[at] ?? 0) ^ 1
  return bent
}

const alteredText = (text: string, part: string): string =>
  new TextDecoder().decode(altered(encodeUtf8(text), part))

/** By OpenSSL's authority for time stamps. */
function stamp(cms: Bytes, request: Bytes, { path, write, bytes }: Folder): Bytes {
  const names = 'default_policy = 1.2.3.4\ndigests = sha256\ness_cert_id_alg = sha256\n'
  const serial = `serial = ${write('tsa.serial', '01\n')}\n`
  const config = `[tsa]\ndefault_tsa = one\n[one]\n${serial}signer_digest = sha256\n${names}`
  const making = ['-newkey', 'rsa:2048', '-nodes', '-keyout', path('tsa.key')]
  const purpose = ['-addext', 'extendedKeyUsage=critical,timeStamping', '-subj', '/CN=Clock']
  // One authority for all of them.
  if (!existsSync(path('tsa.pem'))) {
    run('openssl', ['req', '-x509', ...making, '-out', path('tsa.pem'), ...purpose])
  }
  const asked = ['-queryfile', write('q.tsq', request), '-out', path('r.tsr')]
  const by = ['-signer', path('tsa.pem'), '-inkey', path('tsa.key')]
  const how = ['-config', write('tsa.cnf', config), '-section', 'one']
  run('openssl', ['ts', '-reply', ...how, ...asked, ...by])
  const token = readTimeStampResponse(bytes('r.tsr'))
  if (!token) throw new Error('no time stamp')
  return addTimeStamp(cms, 0, token)
}

async function stamped(cms: Bytes, folder: Folder): Promise<Bytes> {
  const value = readCms(cms).signers[0]?.signature ?? cms
  const request = makeTimeStampRequest(await digest('SHA-256', value), Uint8Array.of(1, 2))
  return stamp(cms, request, folder)
}

/** What is encrypted here, to keys of OpenSSL's; altered in the key that is encrypted to the recipient. */
async function encrypted(folder: Folder) {
  const rsa = await makeRecipient(folder, 'RSA', 'rsa')
  const ec = await makeRecipient(folder, 'P-256', 'curve')
  const old = { cipher: 'AES-256-CBC' } as const
  const toOld = { ...old, oldPadding: [rsa.certificate] }
  const wanted = [
    ['AuthEnvelopedData to RSA by OAEP, AES-GCM', rsa, {}],
    ['AuthEnvelopedData to a NIST curve, AES-GCM', ec, {}],
    ['EnvelopedData to RSA by OAEP, AES-CBC', rsa, old],
    ['EnvelopedData to RSA by PKCS #1 v1.5, AES-CBC', rsa, toOld],
    ['EnvelopedData to a NIST curve, AES-CBC', ec, old],
  ] as const
  const made: Artefact[] = []
  for (const [at, [name, { certificate, certificateFile, keyFile }, how]] of wanted.entries()) {
    const message = await encryptCms({ content, recipients: [certificate], ...how })
    const more = { certificate: certificateFile, key: keyFile, content: folder.path('content') }
    const file = (as: string, bytes: Bytes) => folder.write(`encrypted.${at}.${as}`, bytes)
    const good = { ...more, file: file('good', message) }
    const bent = { ...more, file: file('bent', withAlteredKey(message)) }
    made.push({ name, kind: 'enveloped', good, altered: bent })
  }
  return { made, recipients: [rsa, ec] }
}

/** One bit of the key that was encrypted to the recipient. */
export function withAlteredKey(message: Bytes): Bytes {
  const [{ encryptedKey } = { encryptedKey: message }] = readEnvelope(message).recipients
  const at = Buffer.from(message).indexOf(encryptedKey) + 8
  const bent = message.slice()
  bent[at] = (bent[at] ?? 0) ^ 1
  return bent
}

export async function makeArtefacts(folder: Folder, hasOpenssl: boolean) {
  const { write } = folder
  const authority = await makeAuthority('Keyhearth')
  const person = (name: string, algorithm: Parameters<typeof testSigner>[0]) =>
    makePerson(authority, name, { algorithm, extKeyUsage: ['emailProtection'] })
  const ada = await person('Ada', 'ECDSA_SHA_256')
  const bob = await person('Bob', 'RSASSA_PKCS1_V1_5_SHA_256')
  const eve = await person('Eve', 'ED25519_SHA_512')
  const gil = await makePerson(authority, 'Gil', {
    signer: await mlDsaSigner('ML-DSA-65'),
    extKeyUsage: ['emailProtection'],
  })
  const fay = await person('Fay', 'RSASSA_PSS_SHA_256')
  const anchor = write('anchor.pem', writePem('CERTIFICATE', authority.certificate.der))
  const crl = await crlOf(authority)
  const made: Artefact[] = []
  let count = 0
  const put = (
    name: string,
    kind: Kind,
    whole: Bytes | string,
    bent: Bytes | string,
    more = {},
  ) => {
    count += 1
    const good = { ...more, file: write(`${count}.good`, whole) }
    made.push({ name, kind, good, altered: { ...more, file: write(`${count}.bent`, bent) } })
  }
  const putApart = (name: string, kind: Kind, signature: Bytes | string, key = {}) => {
    count += 1
    const file = write(`${count}.signature`, signature)
    const whole = { ...key, file, content: write('content', content) }
    made.push({ name, kind, good: whole, altered: { ...whole, content: write('other', other) } })
  }

  const ownName = { subject: [['CN', 'Self']], notBefore: now - day, notAfter: now + day } as const
  const purposes = { isCa: true, keyUsage: ['digitalSignature', 'keyCertSign'] } as const
  const own = await makeSelfSigned(ada.signer, { ...ownName, ...purposes })
  const pem = (label: string, der: Bytes) => writePem(label, der)
  put(
    'certificate, self-signed',
    'self-signed',
    pem('CERTIFICATE', own),
    pem('CERTIFICATE', altered(own, 'Self')),
  )
  const request = await makeRequest(ada.signer, { subject: [['CN', 'Asked']] })
  put(
    'request (PKCS #10)',
    'request',
    pem('CERTIFICATE REQUEST', request),
    pem('CERTIFICATE REQUEST', altered(request, 'Asked')),
  )
  put(
    'certificate, issued',
    'certificate',
    pem('CERTIFICATE', ada.certificate),
    pem('CERTIFICATE', altered(ada.certificate, 'Ada')),
  )
  put('revocation list', 'crl', pem('X509 CRL', crl.der), pem('X509 CRL', altered(crl.der, '2')))

  const signingTime = new Date(now)
  const detached = (...signers: readonly CmsSigning[]) =>
    signCms({ signers, content, detached: true, signingTime })
  const attached = await signCms({ signers: [ada], content, detached: false, signingTime })
  putApart('CMS detached, ECDSA P-256', 'cms', await detached(ada))
  putApart('CMS detached, RSA', 'cms', await detached(bob))
  putApart('CMS detached, RSA-PSS', 'cms', await detached(fay))
  putApart('CMS detached, Ed25519', 'cms', await detached(eve))
  putApart('CMS detached, ML-DSA-65', 'cms', await detached(gil))
  put('CMS attached', 'cms', attached, altered(attached, 'what I say'))
  const bent = altered(attached, 'what I say')
  put('CMS attached, PEM', 'pem', cmsToPem(attached), cmsToPem(bent))
  const two = await addSigner(attached, bob, { signingTime })
  put('CMS of two signers', 'cms', two, altered(two, 'what I say'))
  const text = 'Dear reader,\nthis is what I say.\n'
  const clear = await signCms({ signers: [ada], content: clearTextPart(text), detached: true })
  const letter = clearSigned(text, clear, 'SHA-256')
  put('text, clear-signed', 'clear', letter, alteredText(letter, 'reader'))
  if (hasOpenssl)
    putApart('CMS with a time stamp', 'cms', await stamped(await detached(ada), folder))

  async function signedPdf(
    isStamped: boolean,
    options: Partial<SignPdfOptions> = {},
    who: CmsSigning = ada,
  ) {
    const sign = async (pieces: readonly Bytes[]) => {
      const whole = { signers: [who], content: concatBytes(...pieces), detached: true, pades: true }
      const cms = await signCms(whole)
      return isStamped ? stamped(cms, folder) : cms
    }
    return signPdf({ bytes: makePdf(sample), time: signingTime, makeCms: sign, ...options })
  }

  function putPdf(name: string, signed: Bytes) {
    count += 1
    const files = (bytes: Bytes, as: string): Files => {
      const [signature] = readSignatures(bytes)
      if (!signature) throw new Error('no signature')
      const cms = write(`${as}.cms`, signature.cms)
      const over = write(`${as}.over`, concatBytes(...signature.ranges))
      return { file: write(`${as}.pdf`, bytes), cms, content: over }
    }
    const bytes = altered(signed, 'Pay 100')
    made.push({
      name,
      kind: 'pdf',
      good: files(signed, `${count}.good`),
      altered: files(bytes, `${count}.bent`),
    })
  }
  const once = await signedPdf(false)
  putPdf('PDF, PAdES B-B', once)
  if (hasOpenssl) {
    const timed = await signedPdf(true)
    putPdf('PDF, PAdES B-T', timed)
    const certificates = [authority.certificate.der]
    const evidence = { certificates, ocspResponses: [], revocationLists: [crl.der] }
    putPdf('PDF, PAdES B-LT', await addValidationData(timed, evidence))
  }
  putPdf('PDF, certified', await signedPdf(false, { certify: 1 }))
  putPdf('PDF, signed by two', await signedPdf(false, { bytes: once }, bob))

  const { signer } = ada
  const jws = await signJws(content, [{ signer }], { form: 'compact' })
  const [, payload = ''] = jws.split('.')
  const jwk = write('ada.jwk', JSON.stringify(toJwk(signer.publicKey)))
  put('JWS, compact', 'jws', jws, alteredText(jws, payload), { key: jwk })
  const apart = { form: 'compact', detached: true } as const
  putApart('JWS, detached', 'jws', await signJws(content, [{ signer }], apart), { key: jwk })
  const asIs = await signJws(content, [{ signer }], { ...apart, unencoded: true })
  putApart('JWS, unencoded', 'jws', asIs, { key: jwk })
  const json = await signJws(content, [{ signer }], { form: 'general' })
  put('JWS, general JSON', 'jws', json, alteredText(json, payload), { key: jwk })
  const sha512 = await digest('SHA-512', content)
  const ssh = await signSsh(eve.signer, { sha512 }, 'file')
  const line = `${allowedSignersLine('eve@hearth', eve.signer.publicKey, ['file'])}\n`
  putApart('SSHSIG', 'ssh', ssh, { key: write('allowed', line) })
  const hash = await runningBlake2b()
  hash.update(content)
  const minisign = await signMinisign(eve.signer, hash.digest(), { trustedComment: 'for you' })
  const minisignKey = writeMinisignKey(await minisignKeyOf(eve.signer.publicKey))
  putApart('minisign', 'minisign', minisign, { key: write('eve.pub', minisignKey) })

  const sealed = hasOpenssl ? await encrypted(folder) : { made: [], recipients: [] }
  made.push(...sealed.made)

  const known = [openSshPublicKey(eve.signer.publicKey), minisignKey]
  const clock = hasOpenssl ? [folder.read('tsa.pem')] : []
  const trust = {
    authority: authority.certificate,
    own: readCertificate(own),
    clock,
    crl,
    known,
    jwsKey: signer.publicKey,
    recipients: sealed.recipients,
  }
  return { made, anchor, trust }
}

// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: the files that certificates come in: DER, PEM with one or many, PKCS #7 with certificates alone.

import type { Bytes } from '../codec/bytes.ts'
import { DerFields, readDerMembers, tags } from '../codec/der.ts'
import { readOid } from '../codec/derValues.ts'
import { type Certificate, readCertificate } from './certificate.ts'
import { CertificateError, readStrictly } from './errors.ts'
import { readPem } from './pem.ts'

const mostBytes = 16 * 1024 * 1024
const mostCertificates = 5_000

const signedData = '1.2.840.113549.1.7.2'

/**
 * In the order of the file, at least one.
 * @throws CertificateError
 */
export function readCertificates(bytes: Bytes): readonly Certificate[] {
  const found = readStrictly(bytes, mostBytes, () => findCertificates(bytes))
  if (found.length === 0) throw new CertificateError('not-recognised')
  if (found.length > mostCertificates) throw new CertificateError('too-many')
  return found.map(readCertificate)
}

function findCertificates(bytes: Bytes): readonly Bytes[] {
  if (bytes[0] === tags.sequence) return inDer(bytes)
  const blocks = readPem(bytes)
  if (!blocks) throw new CertificateError('malformed', 'PEM')
  return blocks.flatMap(({ label, bytes: der }) => {
    if (/^(X509 |TRUSTED )?CERTIFICATE$/.test(label)) return [der]
    return label === 'PKCS7' || label === 'CMS' ? inDer(der) : []
  })
}

function inDer(der: Bytes): readonly Bytes[] {
  const [first] = readDerMembers(der, tags.sequence) ?? []
  if (first?.tag !== tags.objectIdentifier) return [der]
  return readOid(first) === signedData ? certificatesOf(der) : []
}

/** RFC 5652 section 5.1. */
function certificatesOf(der: Bytes): readonly Bytes[] {
  const outer = DerFields.whole(der)
  outer.take(tags.objectIdentifier)
  const signed = outer.open(tags.explicit0).open()
  signed.take(tags.integer)
  signed.take(tags.set)
  signed.take(tags.sequence)
  const list = signed.openOptional(tags.explicit0)?.rest() ?? []
  return list.filter(({ tag }) => tag === tags.sequence).map((one) => one.der)
}

// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: the identifier of RSAES-OAEP (RFC 4055 section 4.1, RFC 3560 for CMS).

import {
  digestOid,
  maskDigest,
  mgf1Oid,
  readDigestAlgorithm,
  withNull,
} from '../certificates/algorithms.ts'
import type { Bytes } from '../codec/bytes.ts'
import { DerFields, derElement, tags } from '../codec/der.ts'
import { derOid, derSequence, readOctets, readOid } from '../codec/derValues.ts'
import type { OaepHash } from './decryptor.ts'

export const oaepOid = '1.2.840.113549.1.1.7'
const emptyLabelOid = '1.2.840.113549.1.1.9'

export function oaepIdentifier(hash: OaepHash): Bytes {
  const hashIdentifier = withNull(digestOid(hash))
  return derSequence(
    derOid(oaepOid),
    derSequence(
      derElement(tags.explicit0, hashIdentifier),
      derElement(tags.explicit1, derSequence(derOid(mgf1Oid), hashIdentifier)),
    ),
  )
}

/**
 * One hash for both uses, and an empty label, as `kms:Decrypt` has it.
 * @returns `null` for others. @throws DerError
 */
export function readOaep(parameters: Bytes | null): OaepHash | null {
  if (!parameters) return null
  const fields = DerFields.whole(parameters)
  const hash = fields.openOptional(tags.explicit0)
  const hashName = hash ? readDigestAlgorithm(hash.any()) : 'SHA-1'
  const mask = fields.openOptional(tags.explicit1)
  const maskName = mask ? maskDigest(mask.any()) : 'SHA-1'
  const label = fields.openOptional(tags.explicit2)
  const isEmpty = !label || isEmptyLabel(label.open())
  for (const opened of [hash, mask, label]) opened?.end()
  fields.end()
  const isKnown = hashName === 'SHA-1' || hashName === 'SHA-256'
  return isKnown && hashName === maskName && isEmpty ? hashName : null
}

function isEmptyLabel(fields: DerFields): boolean {
  const oid = readOid(fields.any())
  const label = readOctets(fields.any())
  fields.end()
  return oid === emptyLabelOid && label.byteLength === 0
}

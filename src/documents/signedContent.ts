// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: what was signed, as its bytes or, where there are many, as the digests that its signers want.

import { readDigestAlgorithm } from '../certificates/algorithms.ts'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { DerError, onlyElement } from '../codec/der.ts'
import { type ContentDigestName, type ContentDigests, digestStream } from './contentDigests.ts'
import { Pace } from './pace.ts'
import { readCms } from './readCms.ts'

/** Up to here it is held as a whole, as signatures without signed attributes need it (RFC 5652 section 5.4). */
const mostHeldBytes = 64 * 1024 * 1024

/**
 * @param source a file, or the pieces of one that are signed
 * @param cms the message whose signers say what digests they want
 * @param more digests that are wanted besides
 * @param pace of the pieces
 * @throws CmsError; rejects where the file cannot be read, or the pace's signal says so
 */
export async function signedContent(
  source: Blob | readonly Bytes[],
  cms: Bytes,
  more: readonly ContentDigestName[] = [],
  pace = new Pace(),
): Promise<Bytes | ContentDigests> {
  if (source instanceof Blob && source.size <= mostHeldBytes) {
    return new Uint8Array(await source.arrayBuffer())
  }
  const wanted = [...new Set([...digestsWanted(cms), ...more])]
  if (source instanceof Blob) return digestStream(source.stream(), wanted)
  const bytes = source.reduce((sum, piece) => sum + piece.byteLength, 0)
  if (bytes <= mostHeldBytes) return concatBytes(...source)
  return digestStream(streamOf(source, pace), wanted)
}

function digestsWanted(cms: Bytes): readonly ContentDigestName[] {
  const names = new Set<ContentDigestName>()
  for (const { digestAlgorithm } of readCms(cms).signers) {
    const name = nameOf(digestAlgorithm.der)
    if (name && name !== 'MD5' && name !== 'SHA-224') names.add(name)
  }
  return [...names]
}

function nameOf(der: Bytes): ReturnType<typeof readDigestAlgorithm> {
  try {
    return readDigestAlgorithm(onlyElement(der))
  } catch (error) {
    if (error instanceof DerError) return null
    throw error
  }
}

const pieceBytes = 1024 * 1024

function streamOf(pieces: readonly Bytes[], pace: Pace): ReadableStream<Uint8Array> {
  const next = slices(pieces)
  return new ReadableStream({
    async pull(controller) {
      await pace.rest()
      const { value, done } = next.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}

function* slices(pieces: readonly Bytes[]): Generator<Bytes, undefined> {
  for (const piece of pieces) {
    for (let at = 0; at < piece.byteLength; at += pieceBytes) {
      yield piece.subarray(at, at + pieceBytes)
    }
  }
}

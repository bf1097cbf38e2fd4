import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../src/codec/bytes.ts'
import { FileHeaderError, readFileHeader, writeFileHeader } from '../../src/codec/fileHeader.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'

const header = { name: 'Brief an Zoë.pdf', type: 'application/pdf', modified: 1_700_000_000_000 }

const framed = (json: string) => {
  const bytes = encodeUtf8(json)
  const whole = concatBytes(encodeUtf8('KHF1'), new Uint8Array(4), bytes)
  new DataView(whole.buffer).setUint32(4, bytes.byteLength)
  return whole
}

describe('the header of a file inside its message', () => {
  it('comes back with the bytes it took, folders too', () => {
    const written = writeFileHeader({ ...header, folders: ['a', 'b'] })
    const read = readFileHeader(concatBytes(written, encodeUtf8('content')))
    expect(read).toEqual({ header: { ...header, folders: ['a', 'b'] }, bytes: written.byteLength })
  })

  it('waits while it is not all there, at every length', () => {
    const written = writeFileHeader(header)
    for (let length = 0; length < written.byteLength; length++) {
      expect(readFileHeader(written.slice(0, length))).toBeNull()
    }
  })

  it.each([
    ['another beginning', encodeUtf8('PK34')],
    ['the first letter alone wrong', encodeUtf8('X')],
    ['a length beyond the limit', concatBytes(encodeUtf8('KHF1'), new Uint8Array([0, 1, 0, 1]))],
    ['no JSON', framed('{')],
    ['null', framed('null')],
    ['no name', framed('{"type":""}')],
    ['a name that is none', framed('{"name":1,"type":""}')],
    ['folders that are none', framed('{"name":"a","type":"","folders":[1]}')],
    ['a time that is none', framed('{"name":"a","type":"","modified":1.5}')],
  ])('is refused: %s', (_what, bytes) => {
    expect(() => readFileHeader(bytes)).toThrow(FileHeaderError)
  })

  it('refuses a name that is longer than the header may be', () => {
    expect(() => writeFileHeader({ name: 'n'.repeat(70_000), type: '' })).toThrow(FileHeaderError)
  })
})

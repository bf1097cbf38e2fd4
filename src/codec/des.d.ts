// codec: this file: the part of des.js that is used, which has no types of its own.

declare module 'des.js' {
  interface Cipher {
    update(data: Uint8Array): number[]
    final(): number[]
  }
  interface CipherOptions {
    readonly type: 'decrypt'
    readonly key: Uint8Array
    readonly iv: Uint8Array
    readonly padding: false
  }
  const des: {
    readonly EDE: unknown
    readonly CBC: { instantiate(base: unknown): { create(options: CipherOptions): Cipher } }
  }
  export default des
}

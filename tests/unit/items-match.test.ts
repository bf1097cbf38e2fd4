// Which addresses belong to the page in a tab: real sites, and names made to look like them.

import { describe, expect, test } from 'vitest'
import { matcher } from '../../src/items/match.ts'

const match = (uri: string, tab: string) => matcher(tab)([uri])

describe('an address belongs to its own origin first', () => {
  test.each([
    ['https://example.com', 'https://example.com/login?next=/', 'origin'],
    ['https://example.com:443/', 'https://example.com/', 'origin'],
    ['https://EXAMPLE.com', 'https://example.com/', 'origin'],
    ['http://example.com', 'http://example.com/', 'origin'],
    ['https://example.com:8443', 'https://example.com:8443/', 'origin'],
    ['example.com', 'https://example.com/', 'origin'],
    [' example.com/login ', 'https://example.com/', 'origin'],
    ['example.com:8443', 'https://example.com:8443/', 'origin'],
    ['https://user.github.io', 'https://user.github.io/', 'origin'],
    ['https://github.io', 'https://github.io/', 'origin'],
    ['https://example.com', 'https://someone@example.com/', 'origin'],
    ['https://bücher.example', 'https://xn--bcher-kva.example/', 'origin'],
    ['https://xn--bcher-kva.example', 'https://bücher.example/', 'origin'],
    ['https://ｅｘａｍｐｌｅ.com', 'https://example.com/', 'origin'],
    ['https://ex%61mple.com', 'https://example.com/', 'origin'],
    ['http://example.com', 'https://example.com/', 'host'],
    ['https://example.com:8443', 'https://example.com/', 'host'],
    ['https://example.com', 'https://example.com:8443/', 'host'],
    ['https://login.example.com', 'https://example.com/', 'site'],
    ['https://example.com', 'https://login.example.com/', 'site'],
    ['https://a.example.com', 'https://b.c.example.com/', 'site'],
    ['http://www.example.com', 'https://example.com/', 'site'],
    ['https://www.example.co.uk', 'https://example.co.uk/', 'site'],
    ['*.example.com', 'https://example.com/', 'site'],
    ['https://a.user.github.io', 'https://user.github.io/', 'site'],
    ['https://www.食狮.公司.cn', 'https://食狮.公司.cn/', 'site'],
    ['https://www.bücher.de', 'https://xn--bcher-kva.de/', 'site'],
  ])('%s in %s: %s', (uri, tab, rank) => {
    expect(match(uri, tab)).toBe(rank)
  })

  test('the best of several addresses counts', () => {
    const judge = matcher('https://www.example.com/')
    expect(judge(['https://example.com', 'nonsense', 'https://www.example.com'])).toBe('origin')
    expect(judge(['https://other.net', 'https://example.com'])).toBe('site')
    expect(judge([])).toBeNull()
  })
})

describe('what looks alike does not belong', () => {
  test.each([
    // names within names
    ['https://example.com', 'https://example.com.evil.net/'],
    ['https://example.com', 'https://evilexample.com/'],
    ['https://example.com', 'https://example.com-login.net/'],
    ['https://example.com', 'https://example.community/'],
    ['https://example.com', 'https://example.co/'],
    ['https://example.com', 'https://evil.net/example.com'],
    ['https://example.com', 'https://evil.net/?https://example.com/'],
    ['https://example.com', 'https://evil.net/#@example.com'],
    ['https://evil.net/https://example.com', 'https://example.com/'],
    // public suffixes, ICANN's and private
    ['https://example.co.uk', 'https://evil.co.uk/'],
    ['https://co.uk', 'https://example.co.uk/'],
    ['https://com', 'https://example.com/'],
    ['https://alice.github.io', 'https://mallory.github.io/'],
    ['https://github.io', 'https://mallory.github.io/'],
    ['https://mallory.github.io', 'https://github.io/'],
    ['https://mine.s3.amazonaws.com', 'https://yours.s3.amazonaws.com/'],
    ['https://amazonaws.com', 'https://mine.s3.amazonaws.com/'],
    ['https://one.blogspot.com', 'https://two.blogspot.com/'],
    ['https://a.xn--55qx5d.cn', 'https://b.公司.cn/'],
    ['https://city.kawasaki.jp', 'https://evil.kawasaki.jp/'],
    ['https://foo.bar.ck', 'https://baz.bar.ck.evil.ck/'],
    // who is before the @
    ['https://example.com', 'https://example.com@evil.net/'],
    ['https://example.com', 'https://example.com:443@evil.net/'],
    ['https://example.com', 'https://example.com%40@evil.net/'],
    ['https://example.com@evil.net', 'https://evil.net/'],
    ['https://user:pass@evil.net', 'https://evil.net/'],
    ['https:example.com@evil.net', 'https://evil.net/'],
    ['https:\\\\example.com@evil.net', 'https://evil.net/'],
    ['example.com@evil.net', 'https://evil.net/'],
    ['https://example.com', 'https://evil.net\\@example.com/'],
    ['https://example.com', 'https://evil.net\\.example.com/'],
    // letters that look alike
    ['https://example.com', 'https://еxample.com/'],
    ['https://apple.com', 'https://xn--80ak6aa92e.com/'],
    ['https://paypal.com', 'https://paypaI.com/'],
    // dots
    ['https://example.com', 'https://example.com./'],
    ['https://example.com.', 'https://example.com/'],
    ['https://example.com.', 'https://example.com./'],
    ['https://example.com', 'https://example..com/'],
    // from https to http, never
    ['https://example.com', 'http://example.com/'],
    ['https://example.com', 'http://login.example.com/'],
    ['example.com', 'http://example.com/'],
    // addresses and machines: host and port
    ['http://192.168.0.1', 'http://192.168.0.2/'],
    ['http://192.168.0.1', 'http://192.168.0.1:8080/'],
    ['http://10.0.0.1', 'http://110.0.0.1/'],
    ['http://1.2.3.4', 'http://5.2.3.4/'],
    ['http://localhost:3000', 'http://localhost:5173/'],
    ['http://localhost', 'http://app.localhost/'],
    ['http://[::1]:3000', 'http://[::1]:3001/'],
    ['http://[::1]', 'http://[::2]/'],
    ['http://nas', 'http://mallory.nas/'],
    ['https://wiki.corp', 'https://evil.corp/'],
    ['https://a.intranet.corp', 'https://b.intranet.corp/'],
    // what is no page of the web
    ['https://example.com', 'about:blank'],
    ['https://example.com', 'file:///example.com'],
    ['https://example.com', 'blob:https://example.com/1'],
    ['https://example.com', 'data:text/html,https://example.com'],
    ['https://example.com', 'javascript:"https://example.com"'],
    ['https://example.com', 'ws://example.com/'],
    ['https://example.com', 'view-source:https://example.com/'],
    ['https://example.com', ''],
    ['androidapp://com.example', 'https://example.com/'],
    ['androidapp://example.com', 'https://example.com/'],
    ['ftp://example.com', 'https://example.com/'],
    ['javascript:example.com', 'https://example.com/'],
    ['', 'https://example.com/'],
    ['https://', 'https://example.com/'],
    ['https://exa mple.com', 'https://example.com/'],
    ['.*', 'https://example.com/'],
    ['com', 'https://example.com/'],
  ])('%s in %s', (uri, tab) => {
    expect(match(uri, tab)).toBeNull()
  })
})

describe('addresses of machines', () => {
  test.each([
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/', 'origin'],
    ['http://0x7f.1:8080', 'http://127.0.0.1:8080/', null],
    ['http://localhost:3000', 'http://localhost:3000/a', 'origin'],
    ['http://192.168.0.1', 'https://192.168.0.1/', 'host'],
    ['https://192.168.0.1', 'http://192.168.0.1/', null],
    ['http://[::1]:3000', 'http://[0:0:0:0:0:0:0:1]:3000/', 'origin'],
    ['http://nas:5000', 'http://nas:5000/', 'origin'],
    ['https://wiki.corp', 'https://wiki.corp/', 'origin'],
    ['http://wiki.corp', 'https://wiki.corp/', 'host'],
  ])('%s in %s: %s', (uri, tab, rank) => {
    expect(match(uri, tab)).toBe(rank)
  })
})

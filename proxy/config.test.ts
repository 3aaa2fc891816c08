import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig, settings } from './config.ts'

describe('readConfig', () => {
  it('has a default for everything', () => {
    const config = readConfig({ PATH: '/bin', HOST: '' })
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      dataDir: join(process.cwd(), 'data'),
      databaseUrl: join(process.cwd(), 'data', 'marquee.db'),
      blobStore: { kind: 'folder', path: join(process.cwd(), 'data', 'blobs') },
      tls: undefined,
      upstream: undefined,
      upstreamMediaHosts: [],
      demo: 'auto',
      allowPrivateInputUrls: false,
      publicUrl: undefined,
      corsOrigins: [],
      trustProxy: false,
      metrics: 'loopback',
    })
    expect(config.limits).toMatchObject({ callsPerSecond: 200, bodyBytes: 128 * 2 ** 20, imagePixels: 500_000_000 })
  })

  it('takes what is given', () => {
    const config = readConfig({
      PORT: '0',
      DATA_DIR: '/srv/m',
      DATABASE_URL: 'postgres://u:p@h/d',
      TLS_CERT: '/c.pem',
      TLS_KEY: '/k.pem',
      PUBLIC_URL: 'https://Labels.example.org/',
      CORS_ORIGINS: 'https://a.example, http://b.example:81',
      TRUST_PROXY: '10.0.0.0/8,loopback',
      RATE_LIMIT: '0',
      MAX_BODY_MB: '1',
    })
    expect(config).toMatchObject({
      port: 0,
      databaseUrl: 'postgres://u:p@h/d',
      blobStore: { kind: 'folder', path: '/srv/m/blobs' },
      tls: { cert: '/c.pem', key: '/k.pem' },
      publicUrl: 'https://labels.example.org',
      corsOrigins: ['https://a.example', 'http://b.example:81'],
      trustProxy: ['10.0.0.0/8', 'loopback'],
    })
    expect(config.limits).toMatchObject({ callsPerSecond: 0, bodyBytes: 2 ** 20 })
    expect(readConfig({ TRUST_PROXY: '2' }).trustProxy).toBe(2)
    expect(readConfig({ UPSTREAM: 'https://API.clarifai.com/' }).upstream).toBe('https://api.clarifai.com')
    expect(readConfig({ UPSTREAM_MEDIA_HOSTS: 'a.example, .b.example' }).upstreamMediaHosts).toEqual([
      'a.example',
      '.b.example',
    ])
    expect(readConfig({ DATABASE_URL: 'sqlite:///srv/a.db' }).databaseUrl).toBe('/srv/a.db')
  })

  it('takes a bucket, with Amazon or elsewhere', () => {
    const s3 = { kind: 's3', bucket: 'labels', prefix: 'studio/a', endpoint: undefined, region: 'eu-central-1' }
    const bucket = { BLOB_STORE: 's3://labels/studio/a/', AWS_DEFAULT_REGION: 'eu-central-1' }
    expect(readConfig(bucket).blobStore).toEqual(s3)
    const elsewhere = { BLOB_STORE: 's3://labels', S3_ENDPOINT: 'http://minio:9000/' }
    const there = { kind: 's3', bucket: 'labels', prefix: '', endpoint: 'http://minio:9000', region: 'us-east-1' }
    expect(readConfig(elsewhere).blobStore).toEqual(there)
  })

  it.each([
    ['PORT', '65536'],
    ['PORT', '80a'],
    ['PORT', '-1'],
    ['DATABASE_URL', 'mysql://h/d'],
    ['BLOB_STORE', 'gs://bucket/prefix'],
    ['BLOB_STORE', 's3://'],
    ['BLOB_STORE', 's3://bucket/../other'],
    ['S3_ENDPOINT', 'minio:9000'],
    ['S3_ENDPOINT', 'https://key:secret@minio.example'],
    ['UPSTREAM', 'api.clarifai.com'],
    ['UPSTREAM', 'https://api.clarifai.com/v2'],
    ['UPSTREAM', 'https://key@api.clarifai.com'],
    ['UPSTREAM', 'ftp://api.clarifai.com'],
    ['UPSTREAM_MEDIA_HOSTS', 'https://pictures.example.org'],
    ['TLS_CERT', '/only/this.pem', 'TLS_KEY'],
    ['PUBLIC_URL', 'labels.example.org'],
    ['PUBLIC_URL', 'https://example.org/labels'],
    ['CORS_ORIGINS', 'https://ok.example,nonsense'],
    ['TRUST_PROXY', 'everybody'],
    ['DEMO', 'yes'],
    ['SESSION_HOURS', '0'],
    ['ALLOW_PRIVATE_INPUT_URLS', '1'],
    ['RATE_LIMIT', '1.5'],
    ['MAX_BODY_MB', '0'],
    ['METRICS', 'public'],
    ['LOG_LEVEL', 'loud'],
    ['MARQUEE_PORT', '80'],
  ])('stops at %s=%s with one line that names it', (name, value, named = name) => {
    const read = () => readConfig({ [name]: value })
    expect(read).toThrow(ConfigError)
    expect(read).toThrow(new RegExp(`^${named}: [^\\n]+$`))
  })
})

describe('docs/deploying.md', () => {
  it('says of every setting what config.ts says', () => {
    const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'deploying.md'), 'utf8')
    const documented = [...page.matchAll(/^\| `([A-Z\d_]+)` \| (.*?) \| (.*) \|$/gm)].map(
      ([, name, value, meaning]) => [name, value?.replaceAll('`', ''), meaning],
    )
    const inCode = Object.entries(settings).map(([name, setting]) => [
      name,
      setting.default.replace(/^\((.*)\)$/, '$1'),
      setting.meaning,
    ])
    expect(documented).toEqual(inCode)
  })
})

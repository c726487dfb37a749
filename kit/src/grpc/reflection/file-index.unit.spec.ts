import { create, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { indexFiles } from './file-index';

const set = create(FileDescriptorSetSchema, {
  file: [
    {
      name: 'a.proto',
      dependency: ['b.proto', 'missing.proto'],
      messageType: [
        {
          name: 'Outer',
          field: [{ name: 'text' }],
          oneofDecl: [{ name: 'choice' }],
          nestedType: [{ name: 'Inner', extension: [{ name: 'deep', extendee: '.p.Base', number: 102 }] }],
          enumType: [{ name: 'Colour', value: [{ name: 'RED' }] }],
        },
      ],
      enumType: [{ name: 'Size', value: [{ name: 'BIG' }] }],
      extension: [{ name: 'extra', extendee: '.p.Base', number: 101 }],
    },
    { name: 'b.proto', package: 'p', dependency: ['a.proto'], messageType: [{ name: 'Base' }] },
  ],
});
const files = indexFiles(toBinary(FileDescriptorSetSchema, set));

it.each([
  'Outer',
  'Outer.text',
  'Outer.choice',
  'Outer.Inner',
  'Outer.Inner.deep',
  'Outer.Colour',
  'Outer.RED',
  'Size',
  'BIG',
  'extra',
])('finds %s', (symbol) => {
  expect(files.fileOf(symbol)).toBe('a.proto');
});

it('finds what a package declares by its full name only', () => {
  expect(files.fileOf('p.Base')).toBe('b.proto');
  expect(files.fileOf('Base')).toBeUndefined();
});

it('finds extensions, nested ones too', () => {
  expect(files.fileOfExtension('p.Base', 101)).toBe('a.proto');
  expect(files.fileOfExtension('p.Base', 102)).toBe('a.proto');
  expect(files.fileOfExtension('p.Base', 103)).toBeUndefined();
  expect(files.extensionNumbers('p.Base')).toEqual([101, 102]);
});

it('gives each file once, also when files need each other or lack one', () => {
  expect(files.withDependencies('a.proto')).toHaveLength(2);
  expect(files.withDependencies('c.proto')).toBeUndefined();
});

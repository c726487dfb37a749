/**
 * docs/interface.md, made from the comments in proto/emitter/v1.
 * Input: what `buf build -o -#format=json` prints, source info included.
 */
const LABEL_REPEATED = 'LABEL_REPEATED';

/** @param {object} image a FileDescriptorSet as JSON @returns {string} Markdown */
export function interfaceReference(image) {
  const files = image.file
    .filter(({ name }) => name.startsWith('emitter/v1/'))
    .map((file) => ({ ...file, comments: commentsOf(file) }));
  const services = files.flatMap((file) =>
    (file.service ?? []).map((service, at) => ({ service, comment: path(file, 6, at), file, at })),
  );
  const lines = [
    '# Interface',
    '',
    '<!-- Made from the comments in proto/emitter/v1 by `npm run generate`; do not edit. -->',
    '',
    'The gRPC services of package `emitter.v1`, their messages and bounds. Errors and what to do about them: [errors.md](errors.md).',
    '',
    '## Services',
    ...services.flatMap(({ service, comment, file, at }) => serviceSection(service, comment, file, at)),
    '',
    '## Messages',
    ...files.flatMap((file) => [
      ...(file.messageType ?? []).flatMap((message, at) => messageSection(message, file, at)),
      ...(file.enumType ?? []).flatMap((type, at) => enumSection(type, file, at)),
    ]),
    '',
  ];
  return lines.join('\n');
}

function serviceSection(service, comment, file, at) {
  return [
    '',
    `### ${service.name}`,
    '',
    comment,
    ...service.method.flatMap((method, place) => [
      '',
      `#### ${service.name}.${method.name}`,
      '',
      `${stream(method.clientStreaming)}${link(method.inputType)} → ${stream(method.serverStreaming)}${link(method.outputType)}`,
      '',
      path(file, 6, at, 2, place),
    ]),
  ];
}

function messageSection(message, file, at) {
  const rows = (message.field ?? []).map(
    (field, place) => `| \`${field.name}\` | ${typeOf(field)} | ${cell(path(file, 4, at, 2, place))} |`,
  );
  return [
    '',
    `### ${message.name}`,
    '',
    path(file, 4, at),
    ...(rows.length === 0 ? [] : ['', '| field | type | meaning |', '|---|---|---|', ...rows]),
  ];
}

function enumSection(type, file, at) {
  const rows = type.value.map(
    (value, place) => `| \`${value.name}\` | ${value.number ?? 0} | ${cell(path(file, 5, at, 2, place))} |`,
  );
  return ['', `### ${type.name}`, '', path(file, 5, at), '', '| value | number | meaning |', '|---|---|---|', ...rows];
}

/** A file's leading comments by descriptor path (google/protobuf/descriptor.proto, SourceCodeInfo). */
function commentsOf(file) {
  const located = file.sourceCodeInfo.location.filter(({ leadingComments }) => leadingComments);
  return new Map(located.map((location) => [location.path.join('.'), location.leadingComments]));
}

function path(file, ...steps) {
  const comment = file.comments.get(steps.join('.')) ?? '';
  return comment.replace(/^ /gm, '').trim();
}

function typeOf(field) {
  const plain = field.typeName ? link(field.typeName) : `\`${field.type.replace('TYPE_', '').toLowerCase()}\``;
  const repeated = field.label === LABEL_REPEATED ? 'repeated ' : '';
  const presence = field.proto3Optional ? 'optional ' : '';
  return `${repeated}${presence}${plain}`;
}

function link(typeName) {
  const name = typeName.slice(1);
  const short = name.replace('emitter.v1.', '');
  return name.startsWith('emitter.v1.') ? `[\`${short}\`](#${short.toLowerCase()})` : `\`${name}\``;
}

function stream(streaming) {
  return streaming ? 'stream of ' : '';
}

function cell(text) {
  return text.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
}

import { field, read, unreadable, type Field, type FieldOptions } from '../field';

/**
 * A secret in a file. Declared as `databasePassword`, it is set by DATABASE_PASSWORD_FILE, `--database-password-file`
 * or `"databasePasswordFile"`, each the name of the file; the value is the file's content, white space at both ends
 * left out. The secret itself is taken from nowhere else and shown nowhere.
 */
export function secretFile(options: Omit<FieldOptions<string>, 'default'>): Field<string> {
  return field<string>(options, {
    type: 'the path of a file that holds the secret',
    placeholder: 'FILE',
    secret: true,
    read: (content) => (content.trim() === '' ? unreadable('names a file that is empty') : read(content.trim())),
    show: () => '********',
  });
}

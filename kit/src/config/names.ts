import type { Field } from './field';

/** How one setting is written in each place. */
export interface SettingNames {
  /** `--database-url` */
  readonly flag: string;
  /** `DATABASE_URL` */
  readonly variable: string;
  /** `databaseUrl` */
  readonly key: string;
}

/** The names of the setting for a field declared under `name`; a secret's name the file that holds it. */
export function settingNames(
  name: string,
  field: Pick<Field<unknown>, 'secret'>,
  variablePrefix: string,
): SettingNames {
  return namesOf(field.secret ? `${name}File` : name, variablePrefix);
}

/** The three forms of a name in camel case. */
export function namesOf(key: string, variablePrefix: string): SettingNames {
  const words = key.split(/(?=[A-Z])/);
  const flag = words.map((word) => word.toLowerCase()).join('-');
  return { flag: `--${flag}`, variable: variablePrefix + flag.toUpperCase().replaceAll('-', '_'), key };
}

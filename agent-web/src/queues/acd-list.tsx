/** A table of queues or of hours, with what adds one and the form of the one that is being set up. */
import { PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';

interface AcdListProps {
  /** Begins the names by which tests find its parts. */
  readonly name: 'queue' | 'calendar' | 'schedule';
  readonly texts: { readonly label: string; readonly add: string; readonly headings: readonly string[] };
  readonly onAdd: () => void;
  readonly rows: readonly ReactNode[];
  /** What stands below an empty table. */
  readonly empty?: string;
  /** The form, while there is one. */
  readonly children: ReactNode;
}

export const AcdList = ({ name, texts, onAdd, rows, empty, children }: AcdListProps) => (
  <section className="queues panel" aria-label={texts.label}>
    <div className="queues-bar">
      <Button type="primary" icon={<PlusOutlined />} onClick={onAdd} data-testid={`${name}-new`}>
        {texts.add}
      </Button>
    </div>
    <table className="list-table queues-table">
      <thead>
        <tr>
          {texts.headings.map((heading) => (
            <th key={heading} scope="col">
              {heading}
            </th>
          ))}
          <th aria-hidden="true" />
        </tr>
      </thead>
      <tbody>{rows}</tbody>
    </table>
    {rows.length === 0 && empty !== undefined && <p className="queues-empty">{empty}</p>}
    {children}
  </section>
);

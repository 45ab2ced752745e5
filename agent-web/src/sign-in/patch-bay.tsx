/** The sign-in page's picture: rows of jacks, a few of them joined by cords. */
const COLUMNS = 14;
const ROWS = 12;
const PITCH = 48;

const CORDS = [
  { from: [1, 2], to: [6, 8], colour: '#0e7c7b' },
  { from: [4, 1], to: [11, 5], colour: '#f5b83d' },
  { from: [9, 2], to: [12, 9], colour: '#3d9a98' },
  { from: [2, 6], to: [8, 10], colour: '#24555e' },
] as const;

const at = (index: number): number => PITCH / 2 + index * PITCH;

const cordPath = ([fromColumn, fromRow]: readonly [number, number], [toColumn, toRow]: readonly [number, number]) => {
  const sag = PITCH * 2.4;
  return `M${at(fromColumn)} ${at(fromRow)} C${at(fromColumn)} ${at(fromRow) + sag} ${at(toColumn)} ${at(toRow) + sag} ${at(toColumn)} ${at(toRow)}`;
};

export const PatchBay = () => (
  <svg
    className="patch-bay"
    viewBox={`0 0 ${COLUMNS * PITCH} ${ROWS * PITCH}`}
    preserveAspectRatio="xMidYMid slice"
    aria-hidden="true"
    focusable="false"
  >
    {Array.from({ length: COLUMNS * ROWS }, (_, index) => (
      <circle
        key={index}
        cx={at(index % COLUMNS)}
        cy={at(Math.floor(index / COLUMNS))}
        r="5"
        fill="#0b1c21"
        stroke="#24444c"
        strokeWidth="2"
      />
    ))}
    {CORDS.map(({ from, to, colour }) => (
      <g key={colour} fill="none" stroke={colour} strokeWidth="5" strokeLinecap="round">
        <path d={cordPath(from, to)} />
        {[from, to].map(([column, row]) => (
          <circle key={`${column}-${row}`} cx={at(column)} cy={at(row)} r="6" fill={colour} stroke="none" />
        ))}
      </g>
    ))}
  </svg>
);

import LeftOutlined from "@ant-design/icons-svg/es/asn/LeftOutlined";
import RightOutlined from "@ant-design/icons-svg/es/asn/RightOutlined";

import { Icon } from "@/controls/Icon";

interface PagerProps {
  page: number;
  /** The last page that is known to be there. */
  last: number;
  onPage: (page: number) => void;
}

/** Pages by number: the first, the last, and those around the one that is shown. */
export function Pager({ page, last, onPage }: PagerProps) {
  if (last <= 1) return null;
  const near = [1, page - 1, page, page + 1, last].filter((one) => one >= 1 && one <= last);
  const shown = [...new Set(near)].sort((a, b) => a - b);
  return (
    <nav aria-label="Pages" className="pages">
      <button type="button" aria-label="Previous page" disabled={page <= 1} onClick={() => onPage(page - 1)}>
        <Icon of={LeftOutlined} />
      </button>
      {shown.map((one, index) => (
        <button
          key={one}
          type="button"
          className={one - (shown[index - 1] ?? 0) > 1 ? "pages-gap" : undefined}
          aria-label={`Page ${one}`}
          aria-current={one === page ? "page" : undefined}
          onClick={() => onPage(one)}
        >
          {one}
        </button>
      ))}
      <button type="button" aria-label="Next page" disabled={page >= last} onClick={() => onPage(page + 1)}>
        <Icon of={RightOutlined} />
      </button>
    </nav>
  );
}

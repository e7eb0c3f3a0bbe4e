import { useInvalidateAuthStore, useLogin, type AuthActionResponse } from "@refinedev/core";
import { Alert, Button, Form, Input } from "antd";
import { useEffect } from "react";
import { Navigate, useNavigate, useSearchParams } from "react-router";

import { urlOf } from "@/api/base";
import { uiConfig } from "@/api/config";
import { paths } from "@/app/paths";

const WORDS = {
  api_key: { label: "API key", help: "Whoever runs this application makes keys: ./main keys create." },
  jwt: { label: "Access token", help: "A token of the sign-in service that this application trusts." },
};

/** A page of ours, whatever a link to this one says: "//elsewhere" would be another site. */
function pageOf(asked: string | null): string {
  const here = window.location.origin;
  if (!asked?.startsWith("/") || !URL.canParse(asked, here)) return paths.home;
  return new URL(asked, here).origin === here ? asked : paths.home;
}

/** Where an application asks who somebody is. */
export function LoginPage() {
  const { title, auth } = uiConfig();
  const admitted = useInvalidateAuthStore();
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const to = pageOf(query.get("to"));
  // Refine's own would go wherever `to` says, and say twice what was wrong.
  const onSuccess = async ({ success }: AuthActionResponse) => {
    if (!success) return;
    await admitted();
    await navigate(to, { replace: true });
  };
  const login = useLogin<{ secret: string }>({ mutationOptions: { onSuccess } });
  useEffect(() => {
    document.title = `Log in · ${title}`;
  }, [title]);
  if (auth === "none") return <Navigate to={paths.home} replace />;
  const words = WORDS[auth];
  const refused = login.data && !login.data.success ? login.data.error?.message : undefined;
  return (
    <main className="login">
      <div className="panel login-panel">
        <img src={urlOf("/favicon.svg").toString()} alt="" width={40} height={40} />
        <h1>{title}</h1>
        {refused && <Alert type="error" showIcon title={refused} style={{ marginBottom: 16 }} />}
        <Form
          layout="vertical"
          requiredMark={false}
          onFinish={(given: { secret: string }) => login.mutate({ secret: given.secret.trim() })}
        >
          {/* Password stores file what they keep under a name. */}
          <input hidden readOnly type="text" autoComplete="username" value={title} />
          <Form.Item
            name="secret"
            label={words.label}
            extra={words.help}
            rules={[{ required: true, message: `The ${words.label.toLowerCase()} is needed.` }]}
          >
            <Input.Password autoFocus autoComplete="current-password" size="large" />
          </Form.Item>
          <Button type="primary" htmlType="submit" size="large" block loading={login.isPending}>
            Log in
          </Button>
        </Form>
      </div>
    </main>
  );
}

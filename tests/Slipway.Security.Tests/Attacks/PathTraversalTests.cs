using Slipway.Security.Tests.Hosting;

namespace Slipway.Security.Tests.Attacks;

/// <summary>Names are names, never paths, whatever protocol brings them and however they are written.</summary>
public sealed class PathTraversalTests
{
    private static readonly string[] Names =
    [
        "..", ".", "../credit", "..%2f..%2fetc%2fpasswd", "..%2Fcredit", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "..%252f..%252fetc%252fpasswd", "..%5c..%5cwindows%5cwin.ini",
        "..\\..\\windows\\win.ini", "C:%5cwindows%5cwin.ini", "C:/windows/win.ini", "%5c%5cserver%5cshare", "//server/share", "%2fetc%2fpasswd", "/etc/passwd", "fraud-eu%00", "fraud-eu%00.txt",
        "....//....//etc/passwd", "fraud-eu/..;/credit", "fraud-eu;x=1", "%c0%ae%c0%ae%c0%afetc%c0%afpasswd", "%e0%80%ae%e0%80%ae", "..%c0%af..%c0%afetc", "file:%2f%2f%2fetc%2fpasswd", "fraud-eu%2f1%2fmodel.onnx",
        "fraud-eu%2f..%2fcredit", "~root", "%7e", "proc%2fself%2fenviron", "fraud-eu%0d%0aX-Injected:%201", "con", "aux.txt", "fraud-eu::$DATA", "fraud-eu.", "fraud-eu%20", "${jndi:ldap:%2f%2fx}", "$(id)", "`id`", "%3cscript%3e",
    ];

    private static readonly (string Listener, string Method, string Path, string Body)[] Places =
    [
        ("http", "GET", "/v2/models/NAME", ""),
        ("http", "GET", "/v2/models/NAME/ready", ""),
        ("http", "GET", "/v2/models/NAME/config", ""),
        ("http", "GET", "/v2/models/NAME/stats", ""),
        ("http", "GET", "/v2/models/fraud-eu/versions/NAME", ""),
        ("http", "POST", "/v2/models/NAME/infer", """{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}]}"""),
        ("http", "POST", "/v2/models/fraud-eu/versions/NAME/infer", """{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}]}"""),
        ("http", "POST", "/v2/repository/models/NAME/load", "{}"),
        ("http", "POST", "/v2/repository/models/NAME/unload", "{}"),
        ("http", "GET", "/v1/models/NAME", ""),
        ("http", "GET", "/v1/models/NAME/metadata", ""),
        ("http", "GET", "/v1/models/fraud-eu/versions/NAME", ""),
        ("http", "GET", "/v1/models/fraud-eu/labels/NAME", ""),
        ("http", "POST", "/v1/models/NAME:predict", """{"instances":[[1,2]]}"""),
        ("http", "POST", "/models/NAME/invoke", "1,2"),
        ("http", "DELETE", "/models/NAME", ""),
        ("http", "GET", "/models/NAME", ""),
        ("admin", "GET", "/api/v1/models/NAME", ""),
        ("admin", "POST", "/api/v1/models/NAME/load", ""),
        ("admin", "DELETE", "/api/v1/keys/NAME", ""),
    ];

    [Fact]
    public async Task A_path_in_a_name_is_an_unknown_name_in_every_http_protocol()
    {
        await using SecuredServer server = await SecuredServer.StartAsync();
        string key = server.KeyFor("admin");
        List<string> wrong = [];
        foreach ((string listener, string method, string path, string body) in Places)
        {
            foreach (string name in Names)
            {
                string target = path.Replace("NAME", name, StringComparison.Ordinal);
                string answer = await RawConnection.SendAsync(
                    server.Server.Addresses[listener],
                    $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Length: {body.Length}\r\nContent-Type: {(body == "1,2" ? "text/csv" : "application/json")}\r\nConnection: close\r\n\r\n{body}");
                int[] statuses = RawConnection.StatusesOf(answer);
                bool refused = statuses is [>= 400 and < 500];
                if (!refused && !IsHarmless(target, statuses))
                {
                    wrong.Add($"{method} {target}: {string.Join(',', statuses)} {answer.Split("\r\n\r\n")[^1]}");
                }

                if (answer.Contains("root:", StringComparison.Ordinal) || answer.Contains("slipway-test-", StringComparison.Ordinal) || answer.Contains("\nX-Injected", StringComparison.Ordinal)
                    || answer.Contains("   at ", StringComparison.Ordinal))
                {
                    wrong.Add($"{method} {target}: {answer}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.Equal("""{"models":["credit","fraud-eu"]}""", await server.Client("http", key).GetStringAsync("/v2/models"));
    }

    // A path whose dots are in clear is normalised before it is looked at, as RFC 3986 has it: it then simply is another address.
    private static bool IsHarmless(string target, int[] statuses) => statuses is [200 or 202 or 204]
        && (target.Contains("/../", StringComparison.Ordinal) || target.Contains("/./", StringComparison.Ordinal) || target.EndsWith("/..", StringComparison.Ordinal)
            || target.EndsWith("/.", StringComparison.Ordinal) || target.Contains("%2e%2e/", StringComparison.Ordinal));
}

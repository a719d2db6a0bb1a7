using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Security.Certificates;
using Slipway.Security.Policies;
using Slipway.Security.Secrets;
using Slipway.Security.Tests.Hosting;
using Slipway.Security.Tls;
using Slipway.Server.Options;
using Slipway.TestKit;

namespace Slipway.Security.Tests.Tls;

public sealed class CertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Authority _authority = new();

    [Fact]
    public async Task A_new_certificate_is_used_for_new_connections_and_open_ones_go_on()
    {
        using X509Certificate2 first = WriteServer();
        FakeClock clock = new();
        await using SecuredServer server = await StartAsync(ClientCertificateMode.None, clock);
        List<string> seen = [];
        using HttpClient open = Client(server, null, seen);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(open, "/v2/health/live"));

        using X509Certificate2 second = WriteServer();
        clock.Advance(TimeSpan.FromSeconds(10));
        using HttpClient fresh = Client(server, null, seen);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(fresh, "/v2/health/live"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(open, "/v2/health/live"));
        Assert.Equal([first.Thumbprint, second.Thumbprint], seen);

        _folder.Write("server.pem", "damaged");
        clock.Advance(TimeSpan.FromSeconds(10));
        using HttpClient later = Client(server, null, seen);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(later, "/v2/health/live"));
        Assert.Equal(second.Thumbprint, seen[^1]);
    }

    [Fact]
    public async Task A_client_certificate_is_a_caller()
    {
        WriteServer().Dispose();
        await using SecuredServer server = await StartAsync(ClientCertificateMode.Allow);
        using X509Certificate2 edge = _authority.Issue("CN=edge-7, O=Acme", forClients: true);
        using HttpClient known = Client(server, edge);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(known, "/v2/models/fraud-eu"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(known, "/v2/models/credit"));

        using X509Certificate2 stranger = _authority.Issue("CN=printer", forClients: true);
        using HttpClient unknown = Client(server, stranger);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(unknown, "/v2/models/fraud-eu"));

        using HttpClient without = Client(server, null);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(without, "/v2/models/fraud-eu"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(without, "/v2/health/ready"));
    }

    [Fact]
    public async Task A_bad_token_is_not_made_good_by_a_certificate()
    {
        WriteServer().Dispose();
        await using SecuredServer server = await StartAsync(ClientCertificateMode.Allow);
        using X509Certificate2 edge = _authority.Issue("CN=edge-7", forClients: true);
        using HttpClient client = Client(server, edge);
        client.DefaultRequestHeaders.Authorization = new("Bearer", "slw_wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, "/v2/models/fraud-eu"));
    }

    [Fact]
    public async Task Where_certificates_are_required_there_is_no_connection_without_a_good_one()
    {
        WriteServer().Dispose();
        await using SecuredServer server = await StartAsync(ClientCertificateMode.Require);
        using Authority other = new();
        X509Certificate2?[] bad =
        [
            null,
            other.Issue("CN=edge-7", forClients: true),
            _authority.Issue("CN=edge-7", forClients: false),
            _authority.Issue("CN=edge-7", forClients: true, until: DateTimeOffset.UtcNow.AddHours(-1)),
        ];
        foreach (X509Certificate2? certificate in bad)
        {
            using HttpClient client = Client(server, certificate);
            await Assert.ThrowsAnyAsync<Exception>(() => StatusAsync(client, "/v2/health/live"));
            certificate?.Dispose();
        }

        using X509Certificate2 good = _authority.Issue("CN=edge-7", forClients: true);
        using HttpClient known = Client(server, good);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(known, "/v2/models/fraud-eu"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("pass phrase")]
    public void Pkcs12_and_encrypted_keys_are_read(string? password)
    {
        using X509Certificate2 certificate = _authority.Issue("CN=localhost", forClients: false);
        _folder.Write("server.pfx", certificate.Export(X509ContentType.Pkcs12, password));
        SecretReference? secret = password is null ? null : new SecretReference(SecretKind.File, _folder.Write("password", password + "\n"), []);
        Assert.Equal(certificate.Thumbprint, new ServerCertificate(_folder.PathOf("server.pfx"), "", secret).Load().TargetCertificate.Thumbprint);
        if (secret is not null)
        {
            _folder.Write("server.pem", certificate.ExportCertificatePem());
            using System.Security.Cryptography.ECDsa key = certificate.GetECDsaPrivateKey()!;
            _folder.Write("server.key", key.ExportEncryptedPkcs8PrivateKeyPem(password, new(System.Security.Cryptography.PbeEncryptionAlgorithm.Aes256Cbc, System.Security.Cryptography.HashAlgorithmName.SHA256, 1000)));
            Assert.Equal(certificate.Thumbprint, new ServerCertificate(_folder.PathOf("server.pem"), _folder.PathOf("server.key"), secret).Load().TargetCertificate.Thumbprint);
        }
    }

    [Fact]
    public void Alternative_names_are_read_and_matched()
    {
        using X509Certificate2 certificate = _authority.Issue("CN=a, O=b, CN=c", forClients: true, static names =>
        {
            names.AddDnsName("edge-7.plant.example");
            names.AddUri(new Uri("spiffe://example.org/ns/ml/sa/web"));
            names.AddEmailAddress("web@example.org");
        });
        CertificateNames read = CertificateNames.Of(certificate);
        Assert.Null(read.CommonName);
        Assert.Equal(["edge-7.plant.example"], read.Dns);
        Assert.Equal(["spiffe://example.org/ns/ml/sa/web"], read.Uris);
        Assert.Equal(["web@example.org"], read.Emails);

        ClientCertificates callers = new([new CertificateRule { Uri = ModelPattern.Parse("spiffe://example.org/ns/ml/*"), Roles = ["predictor"] }], new RoleSet([]));
        Assert.Equal("cert/spiffe://example.org/ns/ml/sa/web", callers.Verify(certificate).Caller.Name);
        ClientCertificates both = new([new CertificateRule { Uri = ModelPattern.All, Dns = ModelPattern.Parse("other"), Roles = ["predictor"] }], new RoleSet([]));
        Assert.NotNull(both.Verify(certificate).Refusal);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private X509Certificate2 WriteServer()
    {
        X509Certificate2 certificate = _authority.Issue("CN=localhost", forClients: false);
        _folder.Write("server.pem", certificate.ExportCertificatePem());
        using System.Security.Cryptography.ECDsa key = certificate.GetECDsaPrivateKey()!;
        _folder.Write("server.key", key.ExportPkcs8PrivateKeyPem());
        _folder.Write("clients.pem", _authority.Certificate.ExportCertificatePem());
        return certificate;
    }

    private Task<SecuredServer> StartAsync(ClientCertificateMode mode, TimeProvider? clock = null) => SecuredServer.StartAsync(
        options =>
        {
            options.Listeners.Http.Tls = new TlsOptions
            {
                Certificate = _folder.PathOf("server.pem"),
                Key = _folder.PathOf("server.key"),
                Clients = mode,
                ClientAuthorities = mode == ClientCertificateMode.None ? "" : _folder.PathOf("clients.pem"),
            };
            options.Security.Certificates = [new CertificateRule { CommonName = ModelPattern.Parse("edge-*"), Roles = ["viewer:fraud-*"] }];
        },
        services => services.AddSingleton(clock ?? TimeProvider.System));

    private static HttpClient Client(SecuredServer server, X509Certificate2? certificate, List<string>? seen = null)
    {
        SocketsHttpHandler handler = new() { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) =>
        {
            seen?.Add(((X509Certificate2)presented!).Thumbprint);
            return presented!.Subject == "CN=localhost";
        };
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true);
        }

        return new HttpClient(handler) { BaseAddress = new UriBuilder(server.Server.Addresses["http"]) { Scheme = "https" }.Uri };
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using HttpResponseMessage answer = await client.GetAsync(path);
        return answer.StatusCode;
    }

    /// <summary>The system's clock, which can be put forward.</summary>
    private sealed class FakeClock : TimeProvider
    {
        private long _ahead;

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _ahead);

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, (long)(by.TotalSeconds * TimestampFrequency));
    }
}

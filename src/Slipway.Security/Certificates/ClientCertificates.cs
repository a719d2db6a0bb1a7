using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Slipway.Security.Authentication;
using Slipway.Security.Identity;
using Slipway.Security.Policies;

namespace Slipway.Security.Certificates;

/// <summary>Callers by client certificate: the first rule that fits decides. What came of a connection's certificate is kept as long as the connection.</summary>
internal sealed class ClientCertificates : ICertificateVerifier
{
    private readonly (CertificateRule Rule, IReadOnlyList<Grant> Grants)[] _rules;
    private readonly ConditionalWeakTable<X509Certificate2, CallerIdentity> _known = [];

    /// <param name="rules">In the order in which they are tried.</param>
    /// <param name="roles">The roles that there are.</param>
    public ClientCertificates(IEnumerable<CertificateRule> rules, RoleSet roles)
    {
        _rules = [.. rules.Select(rule => (rule, roles.Parse(rule.Roles)))];
    }

    /// <inheritdoc/>
    public AuthenticationResult Verify(X509Certificate2 certificate)
    {
        CallerIdentity caller = _known.GetValue(certificate, Recognise);
        return caller.Kind == CallerKind.Anonymous
            ? AuthenticationResult.Refused("the client certificate is good, but no rule says who it stands for")
            : new AuthenticationResult(caller, null);
    }

    private CallerIdentity Recognise(X509Certificate2 certificate)
    {
        CertificateNames names = CertificateNames.Of(certificate);
        foreach ((CertificateRule rule, IReadOnlyList<Grant> grants) in _rules)
        {
            if (Match(rule, names) is { } matched && (rule.Name ?? matched) is { Length: > 0 } name && !name.Any(char.IsControl))
            {
                return new CallerIdentity("cert/" + name, CallerKind.Certificate, grants);
            }
        }

        return CallerIdentity.Anonymous;
    }

    /// <returns>The first name that fitted; null when some field did not fit.</returns>
    private static string? Match(CertificateRule rule, CertificateNames names)
    {
        string? first = null;
        return Fits(rule.CommonName, names.CommonName is { } name ? [name] : [], ref first)
            && Fits(rule.Uri, names.Uris, ref first)
            && Fits(rule.Dns, names.Dns, ref first)
            && Fits(rule.Email, names.Emails, ref first)
            ? first
            : null;
    }

    private static bool Fits(ModelPattern? pattern, IReadOnlyList<string> names, ref string? first)
    {
        if (pattern is not { } wanted)
        {
            return true;
        }

        string? fitting = names.FirstOrDefault(name => wanted.Matches(name));
        first ??= fitting;
        return fitting is not null;
    }
}

using Slipway.Security.Policies;

namespace Slipway.Security.Certificates;

/// <summary>Who a client certificate stands for. Every field that is given must fit; one at least is.</summary>
public sealed record CertificateRule
{
    /// <summary>The one common name of the subject; null: any.</summary>
    public ModelPattern? CommonName { get; init; }

    /// <summary>A DNS name among the subject's alternative names; null: any.</summary>
    public ModelPattern? Dns { get; init; }

    /// <summary>A URI among the subject's alternative names, such as a SPIFFE id; null: any.</summary>
    public ModelPattern? Uri { get; init; }

    /// <summary>An e-mail address among the subject's alternative names; null: any.</summary>
    public ModelPattern? Email { get; init; }

    /// <summary>The caller's name, after <c>cert/</c>; null (default): what the first field given matched.</summary>
    public string? Name { get; init; }

    /// <summary>Grants, as they are written.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Whether it says anything of the certificates it is for.</summary>
    public bool IsSpecific => CommonName is not null || Dns is not null || Uri is not null || Email is not null;
}

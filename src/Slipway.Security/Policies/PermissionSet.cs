using Slipway.Core;

namespace Slipway.Security.Policies;

/// <summary>Some permissions, as bits.</summary>
public readonly record struct PermissionSet
{
    private readonly ulong _bits;

    private PermissionSet(ulong bits)
    {
        _bits = bits;
    }

    /// <summary>Every permission there is.</summary>
    public static PermissionSet All { get; } = Of(Enum.GetValues<Permission>());

    /// <summary>The permissions in it, <see cref="Permission.None"/> left out.</summary>
    public IEnumerable<Permission> Members => Enum.GetValues<Permission>().Where(Contains);

    /// <summary>A set of some permissions; <see cref="Permission.None"/> adds nothing.</summary>
    public static PermissionSet Of(params ReadOnlySpan<Permission> permissions)
    {
        ulong bits = 0;
        foreach (Permission permission in permissions)
        {
            bits |= Bit(permission);
        }

        return new PermissionSet(bits);
    }

    /// <summary>Whether a permission is in the set.</summary>
    public bool Contains(Permission permission) => (_bits & Bit(permission)) != 0;

    /// <summary>Both sets together.</summary>
    public PermissionSet Union(PermissionSet other) => new(_bits | other._bits);

    private static ulong Bit(Permission permission) => permission == Permission.None ? 0 : 1UL << (int)permission;
}

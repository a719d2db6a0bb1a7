using System.Text;
using Slipway.Inference.Configuration;

namespace Slipway.Server.Configuration.Pipelines;

/// <summary>A piece of configuration as text that is the same however it was laid out. Part of the digest that answers are labelled with.</summary>
internal static class CanonicalText
{
    /// <summary>Writes a piece; keys keep their order, which may mean something.</summary>
    public static string Of(ConfigNode node)
    {
        StringBuilder text = new();
        Write(text, node);
        return text.ToString();
    }

    private static void Write(StringBuilder text, ConfigNode node)
    {
        switch (node.Kind)
        {
            case ConfigNodeKind.Null:
                text.Append('~');
                break;
            case ConfigNodeKind.Scalar:
                text.Append(node.Text.Length).Append(':').Append(node.Text);
                break;
            case ConfigNodeKind.Sequence:
                text.Append('[');
                foreach (ConfigNode item in node.Items)
                {
                    Write(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            default:
                text.Append('{');
                foreach (ConfigField field in node.Fields)
                {
                    text.Append(field.Key.Length).Append(':').Append(field.Key).Append('=');
                    Write(text, field.Value);
                    text.Append(',');
                }

                text.Append('}');
                break;
        }
    }
}

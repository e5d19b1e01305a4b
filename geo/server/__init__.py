"""The ASGI routes and middleware beside Streamlit: features, tiles, health, metrics, headers."""
